using ShimStack.Native.Processes;

namespace ShimStack.Native.Polling;

/// <summary>
/// Signals as something to read. They must be blocked in every thread, or a handler takes them first: early_signals.c does so before the
/// runtime makes threads. See signalfd(2).
/// </summary>
public sealed unsafe class SignalDescriptor : IDisposable
{
    private const int InfoSize = 128;

    private SignalDescriptor(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>Readable while one of the signals is pending; non-blocking.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Reads <paramref name="signals"/>, and blocks them in the calling thread. See signalfd(2), pthread_sigmask(3).</summary>
    public static SignalDescriptor Create(ReadOnlySpan<Signal> signals)
    {
        SignalSet set = SignalSet.Of(signals);
        int error = LinuxCalls.pthread_sigmask(LinuxCalls.SIG_BLOCK, &set, null);
        if (error != 0)
        {
            throw new SyscallException("pthread_sigmask", (Errno)error);
        }

        return new(FileDescriptor.Take(Syscall.Check(LinuxCalls.signalfd(-1, &set, LinuxCalls.NONBLOCK_CLOEXEC))));
    }

    /// <summary>Takes the next pending signal; false if there is none. Several of one kind may have become one. See signalfd(2).</summary>
    public bool TryRead(out Signal signal)
    {
        byte* info = stackalloc byte[InfoSize];
        IoResult result = Files.Files.Read(Descriptor, new Span<byte>(info, InfoSize));
        signal = (Signal)(*(int*)info);
        if (result.IsOk)
        {
            return true;
        }

        return result.WouldBlock ? false : throw new SyscallException("read", result.Errno, "signalfd");
    }

    public void Dispose() => Descriptor.Dispose();
}
