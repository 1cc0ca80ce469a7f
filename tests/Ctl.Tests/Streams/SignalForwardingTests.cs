using ShimStack.Ctl.Streams;
using ShimStack.Native.Processes;

namespace ShimStack.Ctl.Tests.Streams;

public sealed class SignalForwardingTests
{
    [Fact]
    public async Task ASignalDuringAStartIsForTheProcess()
    {
        using SignalForwarding signals = new();
        signals.Hold();
        await RaiseAsync(signals);
        Assert.False(signals.Interrupted.IsCancellationRequested);
        TaskCompletionSource<Signal> got = new();
        signals.SendTo(got.SetResult);
        Assert.Equal(Signal.SIGUSR2, await got.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
    }

    // Most likely it has come when the one after it has; if not, it goes to the process directly.
    private static async Task RaiseAsync(SignalForwarding signals)
    {
        TaskCompletionSource resized = new();
        signals.OnResize(() => resized.TrySetResult());
        using PidDescriptor own = PidDescriptor.Open(CurrentProcess.Id);
        own.Send((int)Signal.SIGUSR2);
        own.Send((int)Signal.SIGWINCH);
        await resized.Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }
}
