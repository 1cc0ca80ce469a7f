using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;

namespace ShimStack.Supervisor.Processes;

/// <summary>A pipe whose other end a child has: what it writes is kept, up to a limit; the rest is read and dropped.</summary>
internal sealed class CollectedPipe : IDisposable
{
    private const int MaxKept = 1 << 20;

    private readonly DescriptorLoop _loop;
    private readonly FileDescriptor _readEnd;
    private readonly MemoryStream _kept = new();
    private readonly TaskCompletionSource<byte[]> _collected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ulong _tag;

    private CollectedPipe(DescriptorLoop loop, PipePair pipe)
    {
        (_loop, _readEnd, WriteEnd) = (loop, pipe.ReadEnd, pipe.WriteEnd);
        Files.SetNonBlocking(_readEnd, true);
        _tag = loop.Register(_readEnd, Read);
    }

    /// <summary>The child's end, closed here once the child has it.</summary>
    public FileDescriptor WriteEnd { get; }

    /// <summary>All of it, when nobody can write any more.</summary>
    public Task<byte[]> Collected => _collected.Task;

    /// <exception cref="SyscallException">No descriptors.</exception>
    public static CollectedPipe Open(DescriptorLoop loop) => new(loop, Pipe.Create());

    /// <summary>Gives up reading, and closes.</summary>
    public void Dispose() => _loop.Post(Close);

    private void Read()
    {
        Span<byte> buffer = stackalloc byte[4096];
        IoResult read = Files.Read(_readEnd, buffer);
        if (read.IsOk && !read.IsEnd)
        {
            int room = (int)Math.Min(read.Count, MaxKept - _kept.Length);
            _kept.Write(buffer[..room]);
        }
        else if (!read.WouldBlock)
        {
            Close();
        }
    }

    private void Close()
    {
        _loop.Forget(_readEnd, _tag);
        _readEnd.Dispose();
        WriteEnd.Dispose();
        _collected.TrySetResult(_kept.ToArray());
    }
}
