using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ShimStack.NativeTests;

public sealed partial class SignalDescriptorTests
{
    [Fact]
    public void ASignalIsReadInsteadOfHandled() => OnOwnThread(() =>
    {
        using SignalDescriptor signals = SignalDescriptor.Create([Signal.SIGUSR2, Signal.SIGHUP]);
        Assert.False(signals.TryRead(out _));
        Assert.Equal(0, Raise((int)Signal.SIGUSR2));
        Child.WaitUntilReadable(signals.Descriptor);
        Assert.True(signals.TryRead(out Signal signal));
        Assert.Equal(Signal.SIGUSR2, signal);
        Assert.False(signals.TryRead(out _));
    });

    /// <summary>The mask belongs to the thread and ends with it; raise(3) signals the calling thread.</summary>
    internal static void OnOwnThread(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(action));
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    [LibraryImport("libc", EntryPoint = "raise")]
    private static partial int Raise(int signal);
}
