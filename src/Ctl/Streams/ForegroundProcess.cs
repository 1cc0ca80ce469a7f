using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Client;
using ShimStack.Ctl.Commands;
using ShimStack.Ctl.Connection;
using ShimStack.Ctl.Output;
using ShimStack.Native.Processes;
using ShimStack.Native.Terminals;

namespace ShimStack.Ctl.Streams;

/// <summary>How we left a process: with its exit status, or running.</summary>
internal readonly record struct Parting(int ExitCode, bool HasExited);

/// <summary>A process that the user sits in front of: its end is awaited, signals and sizes go to it, keys can detach from it.</summary>
internal sealed class ForegroundProcess(CommandScope scope, string container, string exec, ClientStreams streams, SignalForwarding signals)
{
    private static readonly TimeSpan AwayPause = TimeSpan.FromMilliseconds(200);

    private readonly DaemonClient _client = scope.Client;
    private readonly Lock _gate = new();
    private Task _resize = Task.CompletedTask;

    /// <summary>Returns when it has ended, or the user has left it.</summary>
    /// <param name="start">What makes it run; null if it does.</param>
    public async Task<Parting> RunAsync(Func<Task>? start)
    {
        using CancellationTokenSource leaving = new();
        // Armed before the start, so that no exit can come between.
        Task<WaitResponse> exit = LongWait.ForExitAsync(_client, container, exec, TellThatTheDaemonIsAway, leaving.Token);
        try
        {
            streams.MakeRaw();
            signals.Hold();
            await (start is null ? Task.CompletedTask : StartAsync(start));
            return await SitAsync(exit);
        }
        finally
        {
            await leaving.CancelAsync();
        }
    }

    // A daemon that dies between start and answer leaves a process that runs, or one that does not: asked again, it knows.
    private async Task StartAsync(Func<Task> start)
    {
        bool isLost = false;
        while (true)
        {
            try
            {
                await start();
                return;
            }
            catch (RpcException e) when (ConnectionLoss.Is(e))
            {
                isLost = true;
                await Task.Delay(AwayPause, signals.Interrupted);
            }
            catch (RpcException e) when (isLost && e.StatusCode is StatusCode.FailedPrecondition)
            {
                return; // It runs, or has ended: the first call had come through.
            }
        }
    }

    private async Task<Parting> SitAsync(Task<WaitResponse> exit)
    {
        signals.SendTo(signal => _ = SendAsync(signal));
        streams.Join();
        if (streams.IsTerminal)
        {
            signals.OnResize(() => _ = ResizeAsync());
            await ResizeAsync();
        }

        _ = CloseInputAsync();
        Task? detached = streams.Input?.Detached;
        Task first = await Task.WhenAny([exit, signals.Enough, .. detached is null ? [] : new[] { detached }]);
        if (first == exit)
        {
            return new Parting((int)(await exit).ExitStatus, HasExited: true);
        }

        if (first == detached)
        {
            Screen.Complain($"detached from {container}, which goes on; shimctl attach {container} comes back\r");
            return new Parting((int)ExitCode.Ok, HasExited: false);
        }

        Screen.Complain($"{container} does not end; shimctl kill --signal KILL {container} makes it");
        return new Parting((int)ExitCode.Interrupted, HasExited: false);
    }

    private void TellThatTheDaemonIsAway()
    {
        if (Terminal.IsTerminal(Screen.Error))
        {
            Screen.Complain($"the daemon at {_client.Address} is away; {container} goes on, and so does its output{(streams.IsTerminal ? "\r" : "")}");
        }
    }

    private Task<bool> SendAsync(Signal signal) => TryAsync(async () =>
        await _client.Tasks.KillAsync(new KillRequest { ContainerId = container, ExecId = exec, Signal = (uint)signal }));

    private Task ResizeAsync()
    {
        lock (_gate)
        {
            return _resize = ResizeAsync(_resize);
        }
    }

    // One after the other: a daemon may take two that are on their way in any order, and the terminal would keep the older size.
    private async Task ResizeAsync(Task before)
    {
        await Task.WhenAny(before);
        await TryAsync(SetSizeAsync);
    }

    private async Task SetSizeAsync()
    {
        TerminalSize size = Terminal.Size(Screen.Input);
        try
        {
            await _client.Tasks.ResizePtyAsync(new ResizePtyRequest { ContainerId = container, ExecId = exec, Width = size.Columns, Height = size.Rows });
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unknown)
        {
            // So shims say that the process has ended meanwhile: the wait for its end sees that.
        }
    }

    // A process that reads to the end would wait for ever if this were lost; so it is said again to a daemon that is back.
    private async Task CloseInputAsync()
    {
        if (streams.Input is InputPump input)
        {
            await input.End;
            CloseIORequest request = new() { ContainerId = container, ExecId = exec, Stdin = true };
            while (!await TryAsync(async () => await _client.Tasks.CloseIOAsync(request)))
            {
                await Task.Delay(AwayPause);
            }
        }
    }

    // False if the daemon is away. That the process has ended meanwhile is seen by the wait for its end.
    private static async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException e) when (ConnectionLoss.Is(e))
        {
            return false;
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.Cancelled)
        {
            return true;
        }

        return true;
    }
}
