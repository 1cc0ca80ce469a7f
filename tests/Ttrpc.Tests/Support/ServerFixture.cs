namespace ShimStack.Ttrpc.Tests;

/// <summary>A server, one connection to it in memory, and its peer.</summary>
internal sealed class ServerFixture : IAsyncDisposable
{
    private readonly MemoryStreamEnd _client;

    public ServerFixture(TtrpcServerOptions? options = null, int capacity = 64 * 1024, TestServer? server = null)
    {
        Server = server ?? new TestServer(options);
        (_client, Stream) = MemoryStreamEnd.Pair(capacity);
        Peer = new RawPeer(_client);
        Connection = Server.Server.Accept(Stream);
    }

    public TestServer Server { get; }

    public MemoryStreamEnd Stream { get; }

    public RawPeer Peer { get; }

    public TtrpcServerConnection Connection { get; set; }

    public void Disconnect() => _client.Dispose();

    public async ValueTask DisposeAsync()
    {
        Connection.Abort();
        await _client.DisposeAsync();
    }
}
