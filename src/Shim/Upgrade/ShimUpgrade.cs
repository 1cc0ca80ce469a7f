using Microsoft.Extensions.Logging;
using ShimStack.Api.Control;
using ShimStack.Native;
using ShimStack.Native.Processes;
using ShimStack.Shim.Bootstrap;
using ShimStack.Shim.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Upgrade;

/// <summary>
/// Replaces this build by another in the same process: checks it, waits for a moment at which all is records, and executes it. The call that asks for
/// it is carried over like a Wait, and answered by the build that serves then.
/// </summary>
internal sealed class ShimUpgrade(ShimState state, StateCheck check, Func<Quiescence> quiescence, OwnProgram own, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(10);

    private bool _isBusy;

    /// <summary>What came of the last one; null if there was none.</summary>
    public UpgradeOutcome? Last { get; private set; }

    /// <summary>The shim ends: there is nothing to go on with.</summary>
    public bool IsOver { get; set; }

    /// <summary>We have been put in the place of another build, or have been put back. The call that asked for it comes again, and is answered.</summary>
    public void GoOn(UpgradeRecord record)
    {
        Last = UpgradeOutcome.Of(record, time);
        logger.Over(Last);
    }

    /// <summary>As <paramref name="request"/> says. Answered only by the build that goes on.</summary>
    /// <exception cref="RpcException">There is no upgrade, and why; this build goes on as if nothing had been.</exception>
    public async ValueTask<UpgradeOutcome> RunAsync(UpgradeRequest request, ServerCallContext call)
    {
        if (call.IsResumed)
        {
            return Last?.OrThrow() ?? throw RpcException.Unavailable("the shim that was to be upgraded has died");
        }

        if (_isBusy)
        {
            throw new RpcException(RpcCode.FailedPrecondition, "another upgrade is on its way: ask again when it is over");
        }

        _isBusy = true;
        string path = request.Path.Length > 0 ? request.Path : own.Installed;
        UpgradeRecord record = new() { From = ShimVersion.Text, Path = path };
        try
        {
            await RunAsync(record, request.LimitMs > 0 ? TimeSpan.FromMilliseconds(request.LimitMs) : DefaultLimit, call.Cancellation);
            throw new InvalidOperationException("execve has returned without an error");
        }
        catch (Exception e) when (e is RpcException or BuildFileException or SyscallException)
        {
            string reason = e is SyscallException ? $"{path} cannot be executed: {e.Message}" : e.Message;
            RpcException failure = e as RpcException ?? new RpcException(RpcCode.FailedPrecondition, reason, e);
            Last = new UpgradeOutcome(record.From, record.To, path, time.GetUtcNow(), TimeSpan.Zero, failure.Message);
            logger.Over(Last);
            throw failure;
        }
        finally
        {
            _isBusy = false;
        }
    }

    private async Task RunAsync(UpgradeRecord record, TimeSpan limit, CancellationToken cancellation)
    {
        using BuildFile build = BuildFile.Open(record.Path, "the shim");
        record.To = await check.RequireAsync(build, limit, cancellation);
        await quiescence().RunAsync(limit, () => Execute(build, record), cancellation);
    }

    private void Execute(BuildFile build, UpgradeRecord record)
    {
        if (IsOver)
        {
            throw new RpcException(RpcCode.FailedPrecondition, "the shim ends: its last container is gone");
        }

        record.StillSince = time.GetTimestamp();
        record.Ticks = time.GetUtcNow().UtcTicks;
        Inheritance left = new();
        using FileDescriptor program = BuildExecution.Self();
        ShimRecord all = state.PutDown(left);
        all.Upgrade = record;
        using FileDescriptor back = WayBack.StateFor(all);
        string wayBack = WayBack.Leave(all, left, program, back);
        BuildExecution.Run(build.Descriptor, own, all, left.Descriptors, wayBack);
    }
}
