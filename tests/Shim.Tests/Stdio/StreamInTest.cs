using System.Security.Cryptography;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Pipes;
using ShimStack.Native.Polling;
using ShimStack.Shim.Loop;
using ShimStack.Shim.Stdio;
using ShimStack.Shim.Stdio.Spooling;

namespace ShimStack.Shim.Tests.Stdio;

/// <summary>One stream from a process's pipe to a client's FIFO on a real loop; the test holds the process's end and the reader's.</summary>
internal sealed class StreamInTest : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LoopDescriptor _process;

    public StreamInTest(EventLoop loop, Func<TemporaryDirectory, SpoolRoom>? spools = null)
    {
        Loop = loop;
        Context = StdioInTest.Context(loop, Log) with { Spools = spools?.Invoke(_directory) ?? SpoolRoom.None };
        FifoPath = _directory["fifo"];
        Files.MakeFifo(FifoPath, 0b110_000_000);
        Reader = OpenReader();
        PipePair pipe = Pipe.Create();
        Files.SetNonBlocking(pipe.ReadEnd, true);
        Files.SetNonBlocking(pipe.WriteEnd, true);
        _process = new LoopDescriptor(loop, pipe.WriteEnd, EpollEvents.EPOLLOUT);
        Copy = new StreamCopy("stdout", Context, new CopySource(pipe.ReadEnd, SourceKind.Pipe), SpooledFifo.Over(Context, ClientStreams.OpenOutput(FifoPath), _directory.Make("work")));
        Copy.Start();
    }

    public EventLoop Loop { get; }

    public StdioContext Context { get; }

    public RememberedLog Log { get; } = new();

    public StreamCopy Copy { get; }

    public string FifoPath { get; }

    /// <summary>Where a spool goes.</summary>
    public string WorkFolder => _directory["work"];

    public LoopDescriptor Reader { get; private set; }

    /// <summary>The process's end of its standard output.</summary>
    public FileDescriptor Process => _process.Descriptor;

    /// <summary>Bytes that look random, the same for each run.</summary>
    public static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(4711).NextBytes(bytes);
        return bytes;
    }

    public static string Checksum(ReadOnlySpan<byte> bytes) => $"{bytes.Length} {Convert.ToHexString(SHA256.HashData(bytes))}";

    /// <summary>The process writes all of it, as much at a time as <paramref name="size"/> says, and ends.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, Func<int> size, bool end = true)
    {
        while (!bytes.IsEmpty)
        {
            int chunk = Math.Min(size(), bytes.Length);
            IoResult written = Files.Write(Process, bytes.Span[..chunk]);
            if (written.WouldBlock)
            {
                await _process.WritableAsync(CancellationToken.None);
                continue;
            }

            Assert.True(written.IsOk, written.Errno.ToString());
            bytes = bytes[written.Count..];
        }

        if (end)
        {
            EndProcess();
        }
    }

    public void EndProcess() => _process.Dispose();

    /// <summary>The client reads until it has so many bytes, or to the end.</summary>
    public async Task<byte[]> ReadAsync(int atMost = int.MaxValue, int chunk = 65536)
    {
        MemoryStream all = new();
        byte[] buffer = new byte[chunk];
        while (all.Length < atMost)
        {
            IoResult read = Files.Read(Reader.Descriptor, buffer.AsSpan(0, (int)Math.Min(chunk, atMost - all.Length)));
            if (read.WouldBlock)
            {
                await Reader.ReadableAsync(CancellationToken.None);
                continue;
            }

            Assert.True(read.IsOk, read.Errno.ToString());
            if (read.IsEnd)
            {
                break;
            }

            all.Write(buffer, 0, read.Count);
            await Task.Yield();
        }

        return all.ToArray();
    }

    /// <summary>The client goes away.</summary>
    public void CloseReader() => Reader.Dispose();

    /// <summary>A client comes back.</summary>
    public void ReopenReader() => Reader = OpenReader();

    public void Dispose()
    {
        Copy.Dispose();
        _process.Dispose();
        Reader.Dispose();
        _directory.Dispose();
    }

    private LoopDescriptor OpenReader() =>
        new(Loop, Files.Open(FifoPath, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK), EpollEvents.EPOLLIN);
}
