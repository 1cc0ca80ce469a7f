using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Introspection;
using ShimStack.Supervisor.Tests.Hosting;

namespace ShimStack.Supervisor.Tests.Introspection;

public sealed class IntrospectionServiceTests
{
    private const string Service = "containerd.services.introspection.v1.Introspection/";

    [Fact]
    public async Task TheServerSaysWhoItIs()
    {
        await using TestHost host = await TestHost.StartAsync();
        ServerResponse first = await host.Client.CallAsync<ServerResponse>(Service + "Server", new Empty());
        Assert.True(Guid.TryParseExact(first.Uuid, "D", out _));
        Assert.Equal(first.Uuid, new ServerIdentity(host.Settings).Uuid); // after a restart, too
        Assert.Equal((ulong)CurrentProcess.Id, first.Pid);
        Assert.Contains($"[{first.Pidns}]", File.ResolveLinkTarget("/proc/self/ns/pid", false)!.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileWithoutAUuidIsReplaced()
    {
        await using TestHost host = await TestHost.StartAsync();
        await File.WriteAllTextAsync(Path.Join(host.Settings.Root, "uuid"), "", TestContext.Current.CancellationToken);
        ServerResponse found = await host.Client.CallAsync<ServerResponse>(Service + "Server", new Empty());
        Assert.Equal(found.Uuid, await File.ReadAllTextAsync(Path.Join(host.Settings.Root, "uuid"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task PluginsAreFoundAsClientsOfContainerdLookForThem()
    {
        await using TestHost host = await TestHost.StartAsync();
        PluginsResponse found = await host.Client.CallAsync<PluginsResponse>(Service + "Plugins", new PluginsRequest { Filters = { "type==io.containerd.runtime.v2,id==task" } });
        Assert.Equal("linux", Assert.Single(Assert.Single(found.Plugins).Platforms).Os);
        Assert.Empty((await host.Client.CallAsync<PluginsResponse>(Service + "Plugins", new PluginsRequest { Filters = { "type~=snapshotter" } })).Plugins);
        PluginInfoResponse info = await host.Client.CallAsync<PluginInfoResponse>(Service + "PluginInfo", new PluginInfoRequest { Type = "io.containerd.runtime.v2", Id = "task" });
        Assert.Equal("task", info.Plugin.Id);
        Assert.Null(info.Extra);
    }

    [Fact]
    public async Task ThePluginListNamesTheServicesThatAreThere()
    {
        await using TestHost host = await TestHost.StartAsync();
        foreach (Plugin plugin in PluginList.All)
        {
            Assert.All(plugin.Requires, required => Assert.Contains(PluginList.All, other => other.Type == required));
        }
    }

    [Fact]
    public async Task TheVersionIsThatOfTheBuild()
    {
        await using TestHost host = await TestHost.StartAsync();
        VersionResponse found = await host.Client.CallAsync<VersionResponse>("containerd.services.version.v1.Version/Version", new Empty());
        Assert.Equal(typeof(PluginList).Assembly.GetName().Version!.ToString(3), found.Version);
    }
}
