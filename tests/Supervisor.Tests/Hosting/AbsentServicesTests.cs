using System.Net;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ShimStack.Supervisor.Tests.Hosting;

public sealed class AbsentServicesTests
{
    [Theory]
    [InlineData("containerd.services.content.v1.Content/Info", "images stay with the daemon above")]
    [InlineData("containerd.services.images.v1.Images/List", "images stay with the daemon above")]
    [InlineData("containerd.services.snapshots.v1.Snapshots/Prepare", "images stay with the daemon above")]
    [InlineData("containerd.services.diff.v1.Diff/Apply", "images stay with the daemon above")]
    [InlineData("containerd.services.transfer.v1.Transfer/Transfer", "images stay with the daemon above")]
    [InlineData("containerd.services.sandbox.v1.Store/Create", "has no sandboxes")]
    public async Task WhatIsNotHereSaysWhy(string path, string reason)
    {
        await using TestHost host = await TestHost.StartAsync();
        Status status = await host.Client.FailAsync<Empty>(path, new Empty());
        Assert.Equal(StatusCode.Unimplemented, status.StatusCode);
        Assert.Contains(reason, status.Detail, StringComparison.Ordinal);
        Assert.StartsWith($"unknown service {path.Split('/')[0]}: ", status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/no.such.Service/M%20%25x")]
    [InlineData("/a")]
    [InlineData("/")]
    [InlineData("/containerd.services.version.v1.Version/Version/more")]
    public async Task TheAnswerIsTrailersOnlyAndNeverAnHttpError(string path)
    {
        await using TestHost host = await TestHost.StartAsync();
        using SocketsHttpHandler handler = new() { ConnectCallback = async (_, cancellation) => await ConnectAsync(host.Settings.Address, cancellation) };
        using HttpClient client = new(handler);
        using HttpRequestMessage request = new(HttpMethod.Post, "http://localhost" + path)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([]),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("12", Assert.Single(response.Headers.GetValues("grpc-status")));
        Assert.Equal("application/grpc", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<NetworkStream> ConnectAsync(string path, CancellationToken cancellation)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
