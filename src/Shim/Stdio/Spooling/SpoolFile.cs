using System.Runtime.InteropServices;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Stdio.Spooling;

/// <summary>
/// A queue of bytes in a file of bounded size: a ring, so that it may be read and written for ever without growing. Nothing in it is synced,
/// it does not outlive its shim, unless another is to adopt it: then what the ring holds is noted behind it with each change.
/// </summary>
internal sealed class SpoolFile(FileDescriptor file, FileDescriptor place, long capacity, bool isNoted = false) : IDisposable
{
    private const int NoteLength = 2 * sizeof(long);

    private long _head;

    /// <summary>How many bytes it holds.</summary>
    public long Count { get; private set; }

    /// <summary>How many have been put into it in its life.</summary>
    public long Total { get; private set; }

    /// <summary>How many more it takes.</summary>
    public long Room => capacity - Count;

    /// <summary>Puts bytes at the end and tells how many were taken: as many as there is room for.</summary>
    /// <exception cref="SyscallException">The file cannot be written: the disk is full, as a rule.</exception>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        int taken = (int)Math.Min(bytes.Length, Room);
        for (int done = 0; done < taken;)
        {
            long at = (_head + Count) % capacity;
            int part = (int)Math.Min(taken - done, capacity - at);
            done += Write(bytes.Slice(done, part), at);
        }

        Note();
        return taken;
    }

    /// <summary>Copies the oldest bytes into <paramref name="buffer"/>, without taking them out; as many as lie together.</summary>
    /// <exception cref="SyscallException">The file cannot be read.</exception>
    public int Peek(Span<byte> buffer)
    {
        int length = (int)Math.Min(Math.Min(buffer.Length, Count), capacity - _head);
        IoResult read = Files.ReadAt(file, buffer[..length], _head);
        return read is { IsOk: true, IsEnd: false } ? read.Count : throw new SyscallException("pread", read.Errno, "spool");
    }

    /// <summary>Takes the oldest bytes out.</summary>
    public void Drop(long count)
    {
        _head = (_head + count) % capacity;
        Count -= count;
        Note();
    }

    /// <summary>Brings a record up to date by what was noted in the file since; a ring of which nothing was noted is taken for empty.</summary>
    public static void Recall(FifoRecord record)
    {
        Span<long> note = stackalloc long[2];
        FileDescriptor file = FileDescriptor.Take((int)record.Spool);
        IoResult read = Files.ReadAt(file, MemoryMarshal.AsBytes(note), record.Capacity);
        file.Release(); // it is the record's
        (record.Head, record.Count) = read.Count == NoteLength ? (note[0], note[1]) : (0, 0);
    }

    /// <summary>Leaves both descriptors, and tells what is needed to go on.</summary>
    public void PutDown(FifoRecord record, Inheritance left)
    {
        record.Capacity = capacity;
        record.Head = _head;
        record.Count = Count;
        record.Spool = left.Leave(file);
        record.Place = left.Leave(place);
    }

    /// <summary>The spool that <see cref="PutDown"/> told of; null if there was none.</summary>
    public static SpoolFile? PickUp(FifoRecord record, bool isNoted) => record.Spool == 0
        ? null
        : new SpoolFile(FileDescriptor.Take((int)record.Spool), FileDescriptor.Take((int)record.Place), record.Capacity, isNoted)
        {
            _head = record.Head,
            Count = record.Count,
            Total = record.Count,
        };

    public void Dispose()
    {
        file.Dispose();
        place.Dispose();
    }

    // Where it fails the disk is full, and what the next shim would find is older than the truth.
    private void Note()
    {
        if (isNoted)
        {
            ReadOnlySpan<long> note = [_head, Count];
            _ = Files.WriteAt(file, MemoryMarshal.AsBytes(note), capacity);
        }
    }

    private int Write(ReadOnlySpan<byte> bytes, long at)
    {
        IoResult written = Files.WriteAt(file, bytes, at);
        if (!written.IsOk)
        {
            throw new SyscallException("pwrite", written.Errno, "spool");
        }

        Count += written.Count;
        Total += written.Count;
        return written.Count;
    }
}
