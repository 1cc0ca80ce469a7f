using System.Text;
using ShimStack.Native.Sockets;

namespace ShimStack.NativeTests;

public sealed class UnixSocketTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FileDescriptor _listener;

    public UnixSocketTests() => _listener = UnixSocket.Listen(_directory["s"]);

    public void Dispose()
    {
        _listener.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void BytesGoBothWays()
    {
        (FileDescriptor client, FileDescriptor server) = Connected();
        using (client)
        using (server)
        {
            byte[] buffer = new byte[16];
            Assert.True(UnixSocket.Receive(server, buffer).WouldBlock);
            Assert.Equal(new IoResult(4, Errno.None), UnixSocket.Send(client, "ping"u8));
            Assert.Equal("ping", Encoding.UTF8.GetString(buffer, 0, UnixSocket.Receive(server, buffer).Count));
            Assert.Equal(new IoResult(4, Errno.None), UnixSocket.Send(server, "pong"u8));
            Assert.Equal("pong", Encoding.UTF8.GetString(buffer, 0, UnixSocket.Receive(client, buffer).Count));
            client.Dispose();
            Assert.True(UnixSocket.Receive(server, buffer).IsEnd);
            Assert.Equal(Errno.EPIPE, UnixSocket.Send(server, "x"u8).Errno);
        }
    }

    [Fact]
    public void WhetherThePeerHasReadAllIsKnown()
    {
        using FileDescriptor client = UnixSocket.Connect(_directory["s"]);
        Assert.True(UnixSocket.IsAllRead(client));
        UnixSocket.Send(client, "ping"u8);
        Assert.False(UnixSocket.IsAllRead(client));
        Assert.True(UnixSocket.TryAccept(_listener, out FileDescriptor? server));
        using (server)
        {
            Assert.False(UnixSocket.IsAllRead(client));
            UnixSocket.Receive(server, new byte[16]);
            Assert.True(UnixSocket.IsAllRead(client));
        }
    }

    [Fact]
    public void ASocketThatIsFullSaysSo()
    {
        (FileDescriptor client, FileDescriptor server) = UnixSocket.CreatePair();
        using (client)
        using (server)
        {
            byte[] data = new byte[1 << 20];
            IoResult first = UnixSocket.Send(client, data);
            Assert.InRange(first.Count, 1, data.Length - 1);
            Assert.True(UnixSocket.Send(client, data).WouldBlock);
        }
    }

    [Fact]
    public void NothingToAcceptIsFalse()
    {
        Assert.False(UnixSocket.TryAccept(_listener, out FileDescriptor? connection));
        Assert.Null(connection);
    }

    [Fact]
    public void EverySocketIsNonBlockingAndClosedOnExec()
    {
        (FileDescriptor client, FileDescriptor server) = Connected();
        using (client)
        using (server)
        {
            Assert.All([_listener, client, server], socket =>
            {
                Assert.NotEqual(0, LinuxCalls.fcntl(socket, LinuxCalls.F_GETFL, 0) & (int)OpenFlags.O_NONBLOCK);
                Assert.True(FilesTests.IsClosedOnExec(socket));
            });
        }
    }

    [Fact]
    public void ATakenNameIsEADDRINUSE() =>
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<SyscallException>(() => UnixSocket.Listen(_directory["s"])).Errno);

    [Fact]
    public void NobodyListeningIsECONNREFUSEDAndNoNameENOENT()
    {
        _listener.Dispose();
        Assert.Equal(Errno.ECONNREFUSED, Assert.Throws<SyscallException>(() => UnixSocket.Connect(_directory["s"])).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<SyscallException>(() => UnixSocket.Connect(_directory["t"])).Errno);
    }

    [Fact]
    public void APathOf107BytesFitsAndOneMoreDoesNot()
    {
        string longest = _directory[new string('x', UnixSocket.MaxPathLength - _directory.Path.Length - 1)];
        using FileDescriptor listener = UnixSocket.Listen(longest);
        using FileDescriptor client = UnixSocket.Connect(longest);
        Assert.True(UnixSocket.TryAccept(listener, out FileDescriptor? server));
        server.Dispose();
        Assert.Equal(Errno.ENAMETOOLONG, Assert.Throws<SyscallException>(() => UnixSocket.Listen(longest + "x")).Errno);
    }

    [Fact]
    public void ThePeerIsWhoTheKernelSays()
    {
        (FileDescriptor client, FileDescriptor server) = Connected();
        using (client)
        using (server)
        {
            Assert.Equal(new PeerCredentials(Environment.ProcessId, 0, 0), PeerCredentials.Of(server));
        }
    }

    [Fact]
    public void ADescriptorTravelsWithTheBytes()
    {
        PipePair pipe = Pipe.Create();
        (FileDescriptor client, FileDescriptor server) = Connected();
        using (client)
        using (server)
        using (pipe.WriteEnd)
        {
            Assert.Equal(3, UnixSocket.SendDescriptor(client, "abc"u8, pipe.ReadEnd).Count);
            pipe.ReadEnd.Dispose();
            byte[] buffer = new byte[16];
            DescriptorMessage message = UnixSocket.ReceiveDescriptors(server, buffer);
            Assert.Equal("abc", Encoding.UTF8.GetString(buffer, 0, message.Data.Count));
            using FileDescriptor received = Assert.Single(message.Descriptors);
            Assert.True(FilesTests.IsClosedOnExec(received));
            Files.Write(pipe.WriteEnd, "through"u8);
            Assert.Equal("through", Child.ReadSome(received));
        }
    }

    [Fact]
    public void BytesWithoutADescriptorHaveNone()
    {
        (FileDescriptor client, FileDescriptor server) = Connected();
        using (client)
        using (server)
        {
            byte[] buffer = new byte[16];
            Assert.True(UnixSocket.ReceiveDescriptors(server, buffer).Data.WouldBlock);
            UnixSocket.Send(client, "x"u8);
            DescriptorMessage message = UnixSocket.ReceiveDescriptors(server, buffer);
            Assert.Equal((1, 0), (message.Data.Count, message.Descriptors.Count));
        }
    }

    private (FileDescriptor Client, FileDescriptor Server) Connected()
    {
        FileDescriptor client = UnixSocket.Connect(_directory["s"]);
        Assert.True(UnixSocket.TryAccept(_listener, out FileDescriptor? server));
        return (client, server);
    }
}
