using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Tests.Hosting;

namespace ShimStack.Supervisor.Tests.Containers;

/// <summary>What the comparison with containerd does not show: events, times, and where we differ on purpose.</summary>
public sealed class ContainersServiceTests
{
    private const string Service = "containerd.services.containers.v1.Containers/";

    [Fact]
    public async Task EveryChangeIsToldOnceAndARefusedOneIsNot()
    {
        await using TestHost host = await TestHost.StartAsync();
        await host.Client.CallAsync<CreateContainerResponse>(Service + "Create", new CreateContainerRequest { Container = Container() }, "n");
        await host.Client.FailAsync<CreateContainerResponse>(Service + "Create", new CreateContainerRequest { Container = Container() }, "n");
        await host.Client.CallAsync<UpdateContainerResponse>(Service + "Update", new UpdateContainerRequest { Container = Container() }, "n");
        await host.Client.CallAsync<Empty>(Service + "Delete", new DeleteContainerRequest { Id = "c" }, "n");
        await host.Client.FailAsync<Empty>(Service + "Delete", new DeleteContainerRequest { Id = "c" }, "n");
        Assert.Equal(["n /containers/create", "n /containers/update", "n /containers/delete"], await host.TopicsAsync());
    }

    [Fact]
    public async Task AnUpdateMovesOnlyTheTimeOfTheUpdate()
    {
        await using TestHost host = await TestHost.StartAsync();
        CreateContainerResponse made = await host.Client.CallAsync<CreateContainerResponse>(Service + "Create", new CreateContainerRequest { Container = Container() }, "n");
        host.Time.Advance(TimeSpan.FromSeconds(5));
        Container given = Container();
        given.CreatedAt = new Timestamp();
        UpdateContainerResponse updated = await host.Client.CallAsync<UpdateContainerResponse>(Service + "Update", new UpdateContainerRequest { Container = given }, "n");
        Assert.Equal(made.Container.CreatedAt, updated.Container.CreatedAt);
        Assert.Equal(TimeSpan.FromSeconds(5), updated.Container.UpdatedAt.ToDateTimeOffset() - made.Container.UpdatedAt.ToDateTimeOffset());
    }

    [Fact]
    public async Task ARecordThatCouldNeverRunIsRefusedThoughContainerdTakesIt()
    {
        await using TestHost host = await TestHost.StartAsync();
        Container container = Container();
        container.Spec = null;
        Status status = await host.Client.FailAsync<CreateContainerResponse>(Service + "Create", new CreateContainerRequest { Container = container }, "n");
        Assert.Equal((StatusCode.InvalidArgument, "create container failed validation: container.Spec must be set: invalid argument"), (status.StatusCode, status.Detail));
        status = await host.Client.FailAsync<CreateContainerResponse>(Service + "Create", new CreateContainerRequest(), "n");
        Assert.Equal((StatusCode.InvalidArgument, "container must be set: invalid argument"), (status.StatusCode, status.Detail));
    }

    [Fact]
    public async Task AnUpdateOfAllTakesExtensionsAway()
    {
        await using TestHost host = await TestHost.StartAsync();
        Container container = Container();
        container.Extensions["e"] = container.Spec;
        await host.Client.CallAsync<CreateContainerResponse>(Service + "Create", new CreateContainerRequest { Container = container }, "n");
        await host.Client.CallAsync<UpdateContainerResponse>(Service + "Update", new UpdateContainerRequest { Container = Container() }, "n");
        GetContainerResponse found = await host.Client.CallAsync<GetContainerResponse>(Service + "Get", new GetContainerRequest { Id = "c" }, "n");
        Assert.Empty(found.Container.Extensions); // containerd keeps them, though it answers that they are gone
    }

    private static Container Container() => new()
    {
        Id = "c",
        Runtime = new Container.Types.Runtime { Name = "io.containerd.runc.v2" },
        Spec = new Any { TypeUrl = "types.containerd.io/opencontainers/runtime-spec/1/Spec", Value = ByteString.CopyFromUtf8("{}") },
    };
}
