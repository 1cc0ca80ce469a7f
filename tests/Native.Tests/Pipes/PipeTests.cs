using System.Text;

namespace ShimStack.NativeTests;

public sealed class PipeTests : IDisposable
{
    private readonly PipePair _pipe = Pipe.Create();
    private readonly TempDirectory _directory = new();

    public void Dispose()
    {
        _pipe.ReadEnd.Dispose();
        _pipe.WriteEnd.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void BothEndsAreClosedOnExec()
    {
        Assert.True(FilesTests.IsClosedOnExec(_pipe.ReadEnd));
        Assert.True(FilesTests.IsClosedOnExec(_pipe.WriteEnd));
    }

    [Fact]
    public void BytesReadableCountsWhatWaits()
    {
        Assert.Equal(0, Pipe.BytesReadable(_pipe.ReadEnd));
        Files.Write(_pipe.WriteEnd, "12345"u8);
        Assert.Equal(5, Pipe.BytesReadable(_pipe.ReadEnd));
        Files.Read(_pipe.ReadEnd, new byte[2]);
        Assert.Equal(3, Pipe.BytesReadable(_pipe.ReadEnd));
    }

    [Fact]
    public void TheSizeCanGrow()
    {
        int before = Pipe.Size(_pipe.ReadEnd);
        Assert.True(Pipe.TrySetSize(_pipe.WriteEnd, before * 2));
        Assert.Equal(before * 2, Pipe.Size(_pipe.ReadEnd));
    }

    [Fact]
    public void ASizeBelowWhatIsInsideIsRefused()
    {
        Files.Write(_pipe.WriteEnd, new byte[Pipe.Size(_pipe.ReadEnd)]);
        Assert.False(Pipe.TrySetSize(_pipe.WriteEnd, 4096));
    }

    [Fact]
    public void SpliceMovesFromAPipeToAFifo()
    {
        Files.MakeFifo(_directory["fifo"], 0x180);
        using FileDescriptor fifo = Files.Open(_directory["fifo"], OpenFlags.O_RDWR | OpenFlags.O_NONBLOCK);
        Files.Write(_pipe.WriteEnd, "through the kernel"u8);
        Assert.Equal(new IoResult(7, Errno.None), Splice.Move(_pipe.ReadEnd, fifo, 7));
        Assert.Equal(new IoResult(11, Errno.None), Splice.Move(_pipe.ReadEnd, fifo, 4096));
        byte[] buffer = new byte[64];
        Assert.Equal("through the kernel", Encoding.UTF8.GetString(buffer, 0, Files.Read(fifo, buffer).Count));
    }

    [Fact]
    public void SpliceDoesNotWaitForAnEmptyPipeNorForAFullOne()
    {
        PipePair full = Pipe.Create();
        using FileDescriptor reader = full.ReadEnd;
        using FileDescriptor writer = full.WriteEnd;
        Assert.True(Splice.Move(_pipe.ReadEnd, writer, 100).WouldBlock);
        Files.Write(writer, new byte[Pipe.Size(writer)]);
        Files.Write(_pipe.WriteEnd, "x"u8);
        Assert.True(Splice.Move(_pipe.ReadEnd, writer, 100).WouldBlock);
    }

    [Fact]
    public void SpliceSaysWhenTheWritersAreGoneAndWhenTheReadersAre()
    {
        PipePair other = Pipe.Create();
        using FileDescriptor writer = other.WriteEnd;
        Files.Write(_pipe.WriteEnd, "x"u8);
        other.ReadEnd.Dispose();
        Assert.Equal(Errno.EPIPE, Splice.Move(_pipe.ReadEnd, writer, 100).Errno);
        Files.Read(_pipe.ReadEnd, new byte[8]);
        _pipe.WriteEnd.Dispose();
        Assert.True(Splice.Move(_pipe.ReadEnd, writer, 100) is { IsEnd: true } or { Errno: Errno.EPIPE });
    }
}
