using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Native.Sockets;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

public sealed class ListenSocketTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SocketAddress Address => new(_directory["socket"]);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void AFreshSocketIsForItsOwnerOnly()
    {
        using FileDescriptor? socket = ListenSocket.TryOpen(Address);
        Assert.NotNull(socket);
        Assert.True(ListenSocket.Answers(Address));
        FileStatus status = Files.Status(Address.Path);
        Assert.Equal((FileType.Socket, 0x180), (status.Type, status.Mode));
    }

    [Fact]
    public void ALivingShimIsUsedAgain()
    {
        using FileDescriptor living = UnixSocket.Listen(Address.Path);
        Assert.Null(ListenSocket.TryOpen(Address));
        Assert.True(File.Exists(Address.Path));
    }

    [Fact]
    public void ASocketWithoutAShimIsReplaced()
    {
        UnixSocket.Listen(Address.Path).Dispose();
        using FileDescriptor? socket = ListenSocket.TryOpen(Address);
        Assert.NotNull(socket);
        Assert.True(ListenSocket.Answers(Address));
    }

    [Fact]
    public void AFullBacklogHasAnOwner()
    {
        using FileDescriptor living = UnixSocket.Listen(Address.Path);
        var waiting = new List<FileDescriptor>();
        try
        {
            while (waiting.Count < 10_000)
            {
                waiting.Add(UnixSocket.Connect(Address.Path));
            }
            Assert.Fail("the backlog has no end");
        }
        catch (SyscallException e)
        {
            Assert.Equal(Errno.EAGAIN, e.Errno);
            Assert.Null(ListenSocket.TryOpen(Address));
        }
        finally
        {
            waiting.ForEach(connection => connection.Dispose());
        }
    }

    [Fact]
    public void ADirectoryInTheWayIsAnErrorAndStays()
    {
        _directory.Make("socket");
        Assert.Throws<SyscallException>(() => ListenSocket.TryOpen(Address));
        Assert.True(Directory.Exists(Address.Path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OnlyADeadSocketIsRemoved(bool alive)
    {
        FileDescriptor socket = UnixSocket.Listen(Address.Path);
        using FileDescriptor? kept = alive ? socket : null;
        if (!alive)
        {
            socket.Dispose();
        }
        ListenSocket.RemoveIfDead(Address);
        Assert.Equal(alive, File.Exists(Address.Path));
    }

    [Fact]
    public void AnotherFileIsNeverRemoved()
    {
        _directory.Write("socket", "no socket");
        ListenSocket.RemoveIfDead(Address);
        Assert.True(File.Exists(Address.Path));
    }

    [Fact]
    public void DirectoriesAreMadeForTheirOwnerOnly()
    {
        ListenSocket.MakeDirectory(_directory["a/b"]);
        ListenSocket.MakeDirectory(_directory["a/b"]);
        Assert.Equal((0x1C0, 0x1C0), (Files.Status(_directory["a"]).Mode, Files.Status(_directory["a/b"]).Mode));
    }
}
