using ShimStack.Ctl.Streams;
using ShimStack.Native;
using ShimStack.Native.Files;

namespace ShimStack.Ctl.Tests.Streams;

public sealed class FifoEndTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shimstack-ctl-").FullName;

    private string Fifo
    {
        get
        {
            string path = Path.Combine(_folder, "fifo");
            Files.MakeFifo(path, 0x180);
            return path;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AReaderSeesNoEndBeforeTheWriterHasCome()
    {
        string path = Fifo;
        using FifoEnd end = FifoEnd.ToRead(path);
        using (FileDescriptor shim = Files.Open(path, OpenFlags.O_WRONLY))
        {
            end.LeaveOther();
            Files.Write(shim, "all"u8);
        }

        byte[] buffer = new byte[16];
        Assert.Equal(3, Files.Read(end.Own, buffer).Count);
        Assert.True(Files.Read(end.Own, buffer).IsEnd);
    }

    [Fact]
    public void AReaderWithoutAWriterEverSeesTheEnd()
    {
        using FifoEnd end = FifoEnd.ToRead(Fifo);
        end.LeaveOther();
        Assert.True(Files.Read(end.Own, new byte[16]).IsEnd);
    }

    [Fact]
    public void WhatIsWrittenBeforeTheReaderComesIsKept()
    {
        string path = Fifo;
        using FifoEnd end = FifoEnd.ToWrite(path);
        Files.Write(end.Own, "typed"u8);
        using FileDescriptor shim = Files.Open(path, OpenFlags.O_RDONLY);
        end.LeaveOther();
        Assert.Equal(5, Files.Read(shim, new byte[16]).Count);
    }

    [Fact]
    public void NobodyWritesToWhatNobodyReads() => Assert.Null(FifoEnd.TryToWriteAgain(Fifo));
}
