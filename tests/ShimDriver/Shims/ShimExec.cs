using ShimStack.Api.Task;
using ShimStack.ShimDriver.Daemons;
using ShimStack.ShimDriver.Stdio;

namespace ShimStack.ShimDriver.Shims;

/// <summary>A process that was added to a session's container by Exec.</summary>
public sealed class ShimExec
{
    private readonly ShimSession _session;

    internal ShimExec(ShimSession session, string execId, ContainerStdio stdio) => (_session, ExecId, Stdio) = (session, execId, stdio);

    public string ExecId { get; }

    public ContainerStdio Stdio { get; }

    /// <summary>Calls Start. Returns the pid.</summary>
    public async Task<int> StartAsync(CancellationToken cancellation = default) =>
        (int)(await _session.Tasks.StartAsync(new StartRequest { Id = _session.Id, ExecId = ExecId }, cancellation)).Pid;

    /// <summary>Waits for the exit event.</summary>
    public Task<RecordedEvent> WaitForExitEventAsync(TimeSpan timeout, CancellationToken cancellation = default) =>
        _session.Daemon.Events.WaitForExitAsync(_session.Id, ExecId, timeout, cancellation);

    /// <summary>Calls Wait, which may be done before Start.</summary>
    public Task<WaitResponse> WaitAsync(CancellationToken cancellation = default) =>
        _session.Tasks.WaitAsync(new WaitRequest { Id = _session.Id, ExecId = ExecId }, cancellation);

    /// <summary>Sends a signal.</summary>
    public Task KillAsync(int signal, CancellationToken cancellation = default) =>
        _session.Tasks.KillAsync(new KillRequest { Id = _session.Id, ExecId = ExecId, Signal = (uint)signal }, cancellation);

    /// <summary>Calls Delete and closes the streams.</summary>
    public async Task<DeleteResponse> DeleteAsync(CancellationToken cancellation = default)
    {
        DeleteResponse response = await _session.Tasks.DeleteAsync(new DeleteRequest { Id = _session.Id, ExecId = ExecId }, cancellation);
        Stdio.Dispose();
        return response;
    }
}
