using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using ShimStack.Supervisor.Tests.Events;
using ShimStack.Supervisor.Tests.Hosting;

namespace ShimStack.Supervisor.Tests.Introspection;

/// <summary>Asked by the client of the library.</summary>
public sealed class HealthServiceTests
{
    private static readonly CallOptions Options = new(deadline: DateTime.UtcNow.AddSeconds(30), cancellationToken: TestContext.Current.CancellationToken);

    [Fact]
    public async Task HealthIsThatOfTheWhole()
    {
        await using TestHost host = await TestHost.StartAsync();
        using GrpcChannel channel = EventsClient.Open(host.Settings.Address);
        Health.HealthClient client = new(channel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await client.CheckAsync(new HealthCheckRequest(), Options)).Status);
        RpcException other = await Assert.ThrowsAsync<RpcException>(() => client.CheckAsync(new HealthCheckRequest { Service = "x" }, Options).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, other.StatusCode);
        Assert.Contains("\"x\"", other.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", HealthCheckResponse.Types.ServingStatus.Serving)]
    [InlineData("x", HealthCheckResponse.Types.ServingStatus.ServiceUnknown)]
    public async Task WhoWatchesIsToldAtOnceAndWhenTheDaemonEnds(string service, HealthCheckResponse.Types.ServingStatus status)
    {
        await using TestHost host = await TestHost.StartAsync();
        using GrpcChannel channel = EventsClient.Open(host.Settings.Address);
        using AsyncServerStreamingCall<HealthCheckResponse> watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest { Service = service }, Options);
        Assert.True(await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(status, watch.ResponseStream.Current.Status);
        host.End.Begin();
        RpcException end = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Unavailable, end.StatusCode);
    }
}
