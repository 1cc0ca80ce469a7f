using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;

namespace ShimStack.Ttrpc.Tests;

public sealed class ListenerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ttrpc").FullName;

    private string SocketPath => Path.Combine(_folder, "s.sock");

    [Fact]
    public async Task OneMayCallOverASocketThatOnlyItsOwnerMayOpen()
    {
        TestServer server = new();
        await using TtrpcListener listener = TtrpcListener.Listen(SocketPath, server.Server);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
        await using TtrpcClient first = await ConnectAsync();
        await using TtrpcClient second = await ConnectAsync();
        Assert.Equal("a", (await EchoAsync(first, "a")).Value);
        Assert.Equal("b", (await EchoAsync(second, "b")).Value);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public async Task APeerOfAnotherUserOrGroupIsTurnedAway(uint uid, uint gid)
    {
        (NetworkStream one, NetworkStream two) = await SocketPair.CreateAsync();
        (uint Uid, uint Gid) own = TtrpcListener.CredentialsOf(one.Socket);
        one.Dispose();
        two.Dispose();
        TtrpcListenerOptions options = new() { Peer = (own.Uid + uid, own.Gid + gid) };
        await using TtrpcListener listener = TtrpcListener.Listen(SocketPath, new TestServer().Server, options);
        await using TtrpcClient client = await ConnectAsync();
        await client.Completion.WithTimeout();
        Assert.Equal(RpcCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => EchoAsync(client, "a"))).Code);
    }

    [Fact]
    public async Task DisposingRemovesTheSocketAndEndsConnections()
    {
        TestServer server = new();
        TtrpcListener listener = TtrpcListener.Listen(SocketPath, server.Server);
        await using TtrpcClient client = await ConnectAsync();
        Task<StringValue> waiting = client.CallAsync(TestServer.Service, "Wait", RawPeer.Text("a"), StringValue.Parser);
        await server.StartedAsync();
        await listener.DisposeAsync().WithTimeout();
        Assert.False(File.Exists(SocketPath));
        Assert.Equal(RpcCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => waiting.WithTimeout())).Code);
        await listener.Completion.WithTimeout();
    }

    [Fact]
    public async Task APathThatIsTakenIsRefusedAndStays()
    {
        await File.WriteAllTextAsync(SocketPath, "mine");
        SocketException error = Assert.Throws<SocketException>(() => TtrpcListener.Listen(SocketPath, new TestServer().Server));
        Assert.Equal(SocketError.AddressAlreadyInUse, error.SocketErrorCode);
        Assert.Equal("mine", await File.ReadAllTextAsync(SocketPath));
    }

    [Fact]
    public async Task TheConnectionAboveTheBoundWaitsForAPlace()
    {
        TestServer server = new();
        await using TtrpcListener listener = TtrpcListener.Listen(SocketPath, server.Server, new TtrpcListenerOptions { MaxConnections = 1 });
        TtrpcClient first = await ConnectAsync();
        Assert.Equal("a", (await EchoAsync(first, "a")).Value);
        await using TtrpcClient second = await ConnectAsync();
        Task<StringValue> waiting = EchoAsync(second, "b");
        Assert.Equal("c", (await EchoAsync(first, "c")).Value);
        Assert.False(waiting.IsCompleted);
        await first.DisposeAsync();
        Assert.Equal("b", (await waiting).Value);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<TtrpcClient> ConnectAsync()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath)).WithTimeout();
        return new TtrpcClient(new NetworkStream(socket, ownsSocket: true), new TtrpcClientOptions());
    }

    private static Task<StringValue> EchoAsync(TtrpcClient client, string text) =>
        client.CallAsync(TestServer.Service, "Echo", RawPeer.Text(text), StringValue.Parser).WithTimeout();
}
