using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Events;
using ShimStack.Native;
using ShimStack.Shim.Events;
using ShimStack.Shim.Exits;
using ShimStack.Shim.Loop;
using ShimStack.Shim.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// What a shim that died had on record and could not announce: exits of execs, and OOM. The end of the container itself is told by the daemon,
/// which learns it from the delete action. One attempt: the daemon waits for the action, and gives it a few seconds for everything.
/// </summary>
internal sealed class LeftoverExits(string bundle, ShimArguments arguments)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    /// <summary>Announces, in the order in which it happened. Nothing is done where nothing is left, which is the rule.</summary>
    /// <exception cref="StartupException">The daemon did not take all of it in time.</exception>
    /// <exception cref="SyscallException">The records cannot be read.</exception>
    /// <exception cref="InvalidDataException">One of them is damaged.</exception>
    public void Announce()
    {
        List<PendingEvent> events = Find();
        string address = Environment.GetEnvironmentVariable("TTRPC_ADDRESS") ?? string.Empty;
        if (events.Count == 0 || address.Length == 0)
        {
            return;
        }

        using EventLoop loop = new();
        int taken = loop.Run(() => ForwardAsync(loop, new DaemonEventSink(loop, address, arguments.Namespace), events));
        if (taken < events.Count)
        {
            throw new StartupException($"the daemon took {taken} of {events.Count} events in {Limit.TotalMilliseconds} ms");
        }
    }

    private List<PendingEvent> Find()
    {
        List<PendingEvent> events = [];
        foreach (string exec in ExitFiles.Execs(bundle))
        {
            if (ExitFiles.TryRead(bundle, exec) is ExitRecord { Announced: false } exit)
            {
                events.Add(ExitOf(exec, exit));
            }
        }

        events.Sort(static (a, b) => a.At.CompareTo(b.At));
        if (ExitFiles.TryRead(bundle, exec: "") is ExitRecord { Announced: false, Oom: true } init)
        {
            TaskOOM oom = new() { ContainerId = arguments.Id };
            events.Add(new PendingEvent(TimeOf(init), Topics.TaskOOM, TypeUrls.TaskOOM, oom.ToByteString()));
        }

        return events;
    }

    private PendingEvent ExitOf(string exec, ExitRecord exit)
    {
        TaskExit message = new()
        {
            ContainerId = arguments.Id,
            Id = exec,
            Pid = exit.Pid,
            ExitStatus = exit.Status,
            ExitedAt = TimeOf(exit).ToTimestamp(),
        };
        return new PendingEvent(TimeOf(exit), Topics.TaskExit, TypeUrls.TaskExit, message.ToByteString());
    }

    private static DateTimeOffset TimeOf(ExitRecord exit) => new(exit.Ticks, TimeSpan.Zero);

    private static async Task<int> ForwardAsync(EventLoop loop, DaemonEventSink sink, List<PendingEvent> events)
    {
        using CancellationTokenSource limit = new(Limit, loop.Timers);
        int taken = 0;
        try
        {
            foreach (PendingEvent pending in events)
            {
                await sink.ForwardAsync(pending, limit.Token);
                taken++;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException)
        {
            // How many were taken tells the rest.
        }

        return taken;
    }
}
