using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Tests.Hosting;

namespace ShimStack.Supervisor.Tests.Namespaces;

public sealed class NamespacesServiceTests
{
    private const string Service = "containerd.services.namespaces.v1.Namespaces/";

    [Fact]
    public async Task EveryChangeIsToldInTheNamespaceItself()
    {
        await using TestHost host = await TestHost.StartAsync();
        await host.Client.CallAsync<CreateNamespaceResponse>(Service + "Create", new CreateNamespaceRequest { Namespace = new Namespace { Name = "n" } });
        await host.Client.CallAsync<UpdateNamespaceResponse>(Service + "Update", new UpdateNamespaceRequest { Namespace = new Namespace { Name = "n" } });
        await host.Client.CallAsync<Empty>(Service + "Delete", new DeleteNamespaceRequest { Name = "n" });
        Assert.Equal(["n /namespaces/create", "n /namespaces/update", "n /namespaces/delete"], await host.TopicsAsync());
    }
}
