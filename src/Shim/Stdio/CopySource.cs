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

    public bool IsEmpty => Pipe.BytesReadable(descriptor) == 0;

    /// <summary>How many bytes a pipe has that were not read; a terminal does not tell.</summary>
    public int Waiting => kind == SourceKind.Pipe ? Pipe.BytesReadable(descriptor) : 0;

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
