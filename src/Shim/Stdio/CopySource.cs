using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;

namespace ShimStack.Shim.Stdio;

/// <summary>The kinds of descriptor that bytes come from.</summary>
internal enum SourceKind
{
    /// <summary>A pipe or FIFO: a read of nothing is its end, and it can be spliced.</summary>
    Pipe,

    /// <summary>The master of a terminal: EIO means that no process has it open now, which is an end only when its process has ended.</summary>
    Terminal,
}

/// <summary>Where a <see cref="StreamCopy"/> takes bytes from.</summary>
internal sealed class CopySource(FileDescriptor descriptor, SourceKind kind) : IDisposable
{
    public FileDescriptor Descriptor => descriptor;

    public SourceKind Kind => kind;

    /// <summary>Set when the process of a terminal has ended: from now on EIO is the end.</summary>
    public bool ProcessEnded { get; set; }

    /// <summary>A pipe that the kernel did not let grow: its writer would have to wait for the next look.</summary>
    public bool IsNarrow { get; private set; }

    /// <summary>A pipe whose writer soon has to wait: one takes 64 KiB, but as little as half of it in writes of an awkward size.</summary>
    public bool IsFilling => Readable >= 32 * 1024;

    /// <summary>How many bytes wait in it; of a terminal nobody knows.</summary>
    public int Readable => kind == SourceKind.Pipe ? Pipe.BytesReadable(descriptor) : 0;

    public bool IsEmpty => Pipe.BytesReadable(descriptor) == 0;

    /// <summary>Lets the pipe hold so many bytes. The kernel may refuse: a user has a limit of pages in pipes,
    /// and without more they hold 64 KiB as ever. See pipe(7).</summary>
    public void Widen(int bytes) => IsNarrow = !Pipe.TrySetSize(descriptor, bytes);

    /// <summary>Reads into <paramref name="buffer"/>; on <see cref="CopyStep.Moved"/> <paramref name="count"/> bytes are there.</summary>
    public CopyStep Read(Span<byte> buffer, out int count)
    {
        IoResult read = Files.Read(descriptor, buffer);
        count = read.IsOk ? read.Count : 0;
        return read switch
        {
            { IsEnd: true } => CopyStep.SourceEnded,
            { IsOk: true } => CopyStep.Moved,
            { WouldBlock: true } => CopyStep.SourceEmpty,
            { Errno: Errno.EIO } when kind == SourceKind.Terminal => ProcessEnded ? CopyStep.SourceEnded : CopyStep.SourceEmpty,
            _ => throw new SyscallException("read", read.Errno),
        };
    }

    public void Dispose() => descriptor.Dispose();
}
