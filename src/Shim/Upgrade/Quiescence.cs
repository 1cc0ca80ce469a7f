using System.Globalization;
using ShimStack.Api.Control;
using ShimStack.Api.Task;
using ShimStack.Shim.Control;
using ShimStack.Shim.Events;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Runtime;
using ShimStack.Shim.Serving;
using ShimStack.Shim.Tasks;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Upgrade;

/// <summary>
/// The moment at which all that the shim knows is records: no operation, no call of the runtime and no call but those that wait is under way, and no
/// news is on its way from one object to another. Between two calls of a client there is one as a rule. Where there is none, requests stay in their
/// sockets for a while, until what runs has ended; and no longer than daemons have patience, for something may hang.
/// </summary>
internal sealed class Quiescence(EventLoop loop, ConnectionListener connections, TaskTable tasks, RuntimeCalls runtime, EventOutbox outbox)
{
    /// <summary>How long a moment is waited for while requests are still read.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>How long requests are not read at most. A daemon gives a shim 5 s when it is started, see contract chapter 9.</summary>
    public static readonly TimeSpan HoldLimit = TimeSpan.FromSeconds(2);

    // An event that the daemon does not acknowledge soon is sent again by the next build.
    private static readonly TimeSpan EventPatience = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource _over = new();
    private Action _act = static () => { };
    private long _began;

    /// <summary>Calls <paramref name="act"/> at such a moment; requests are held until it has returned.</summary>
    /// <param name="limit">How long to wait for it.</param>
    /// <param name="act">What is done; whatever it throws is thrown here.</param>
    /// <param name="cancellation">Nobody wants it any more.</param>
    /// <exception cref="RpcException">DeadlineExceeded: what has not ended in time.</exception>
    public async Task RunAsync(TimeSpan limit, Action act, CancellationToken cancellation)
    {
        (_act, _began) = (act, loop.Timers.GetTimestamp());
        using ITimer hold = At(Patience, connections.Hold);
        using ITimer release = At(Patience + HoldLimit, connections.GoOn);
        using ITimer expiry = At(limit, () => _over.TrySetException(new RpcException(
            RpcCode.DeadlineExceeded, string.Create(CultureInfo.InvariantCulture, $"no upgrade within {limit.TotalSeconds:0.###} s: {UnderWay()}"))));
        using CancellationTokenRegistration left = cancellation.Register(() => _over.TrySetCanceled(cancellation));
        loop.AtRest = Look;
        try
        {
            await _over.Task;
        }
        finally
        {
            loop.AtRest = null;
            connections.GoOn();
        }
    }

    private ITimer At(TimeSpan time, Action act) =>
        loop.Timers.CreateTimer(static act => ((Action)act!)(), act, time, Timeout.InfiniteTimeSpan);

    private void Look()
    {
        if (_over.Task.IsCompleted || UnderWay() is not null)
        {
            return;
        }

        try
        {
            _act();
            _over.TrySetResult();
        }
        catch (Exception e)
        {
            _over.TrySetException(e); // it is thrown to who asked
        }
    }

    /// <summary>What is under way, as the rest of a sentence; null for nothing.</summary>
    private string? UnderWay()
    {
        if (runtime.Running.Count > 0)
        {
            RuntimeCall call = runtime.Running[0];
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the runtime's {call.Command} of {call.Container}, pid {call.Pid}, has not ended for {(loop.Timers.GetUtcNow() - call.Started).TotalSeconds:0.0} s");
        }

        int waiting = 0;
        foreach (OpenCall call in connections.OpenCalls)
        {
            if (!IsRecord(call))
            {
                return $"{call.Method} of {CallReasons.SubjectOf(call).Task} is not done";
            }

            waiting++;
        }

        return connections.Running > waiting ? "a call that nobody waits for any more is not done"
            : !tasks.IsQuiet ? "a process is being changed"
            : outbox.UnderWay is not null && loop.Timers.GetElapsedTime(_began) < EventPatience ? "an event is on its way"
            : null;
    }

    // These are asked again, and wait again.
    private static bool IsRecord(OpenCall call) => call.Method is TaskServices.Wait or ControlServices.Upgrade;
}
