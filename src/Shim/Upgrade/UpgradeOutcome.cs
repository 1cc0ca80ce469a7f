using ShimStack.Shim.Control;
using ShimStack.Shim.State;
using ShimStack.Ttrpc;

namespace ShimStack.Shim.Upgrade;

/// <summary>What came of the replacement of one build by another.</summary>
/// <param name="From">The version that ran.</param>
/// <param name="To">The version that was to run.</param>
/// <param name="Path">Its file, as it was asked for.</param>
/// <param name="At">When nothing moved any more.</param>
/// <param name="Pause">How long nothing moved: no byte, and no call.</param>
/// <param name="Failure">Why "to" could not go on, so that "from" has; empty if it has.</param>
internal sealed record UpgradeOutcome(string From, string To, string Path, DateTimeOffset At, TimeSpan Pause, string Failure)
{
    /// <summary>Now that the records have been picked up.</summary>
    public static UpgradeOutcome Of(UpgradeRecord record, TimeProvider time) => new(
        record.From,
        record.To,
        record.Path,
        new DateTimeOffset(record.Ticks, TimeSpan.Zero),
        time.GetElapsedTime(record.StillSince),
        record.Failure);

    /// <summary>The same for whoever asked for it: only a success is an answer.</summary>
    /// <exception cref="RpcException">FailedPrecondition: it has failed, and why.</exception>
    public UpgradeOutcome OrThrow() => Failure.Length == 0 ? this : throw new RpcException(RpcCode.FailedPrecondition, Failure);

    /// <summary>By the fields of control.proto's UpgradeStatus.</summary>
    public void WriteTo(Report to)
    {
        to.Text(1, "from", From);
        to.Text(2, "to", To);
        to.Text(3, "path", Path);
        to.Number(4, "at_unix_ms", At.ToUnixTimeMilliseconds());
        to.Number(5, "pause_us", (long)Pause.TotalMicroseconds);
        to.Text(6, "failure", Failure);
    }
}
