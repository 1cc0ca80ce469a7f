using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Tests.Hosting;

namespace ShimStack.Supervisor.Tests.Leases;

public sealed class LeasesServiceTests
{
    private const string Service = "containerd.services.leases.v1.Leases/";
    private const string Expiry = "containerd.io/gc.expire";

    [Fact]
    public async Task ALeaseGoesWhenItsTimeIsOver()
    {
        await using TestHost host = await TestHost.StartAsync();
        await CreateAsync(host, "timed", "2026-11-26T13:00:10+01:00"); // 12:00:10 UTC; it is 12:00:00
        await CreateAsync(host, "finer", "2026-11-26T12:00:20.123456789Z");
        await CreateAsync(host, "wrong", "tomorrow");
        Assert.Equal(["finer", "timed", "wrong"], await ListAsync(host));
        host.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["finer", "wrong"], await ListAsync(host));
        host.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(["wrong"], await ListAsync(host));
        await CreateAsync(host, "timed", "2027-01-01T00:00:00Z"); // the name is free again
    }

    [Fact]
    public async Task ALeaseWithoutANameGetsOne()
    {
        await using TestHost host = await TestHost.StartAsync();
        CreateResponse first = await host.Client.CallAsync<CreateResponse>(Service + "Create", new CreateRequest(), "n");
        CreateResponse second = await host.Client.CallAsync<CreateResponse>(Service + "Create", new CreateRequest(), "n");
        Assert.Matches("^[0-9]+-[A-Za-z0-9_-]{4}$", first.Lease.Id);
        Assert.NotEqual(first.Lease.Id, second.Lease.Id);
    }

    private static Task<CreateResponse> CreateAsync(TestHost host, string id, string expiry) =>
        host.Client.CallAsync<CreateResponse>(Service + "Create", new CreateRequest { Id = id, Labels = { [Expiry] = expiry } }, "n");

    private static async Task<IEnumerable<string>> ListAsync(TestHost host) =>
        (await host.Client.CallAsync<ListResponse>(Service + "List", new ListRequest(), "n")).Leases.Select(lease => lease.Id);
}
