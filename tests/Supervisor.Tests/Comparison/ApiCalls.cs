using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;

namespace ShimStack.Supervisor.Tests.Comparison;

/// <summary>The requests of the comparison, in their order.</summary>
internal static class ApiCalls
{
    private const string NamespacesPath = "containerd.services.namespaces.v1.Namespaces/";
    private const string ContainersPath = "containerd.services.containers.v1.Containers/";
    private const string LeasesPath = "containerd.services.leases.v1.Leases/";
    private const string IntrospectionPath = "containerd.services.introspection.v1.Introspection/";
    private static readonly string Digest = "sha256:" + new string('a', 64);

    public static IReadOnlyList<ApiCall> All { get; } = [.. Namespaces(), .. Containers(), .. Leases(), .. Rest()];

    private static IEnumerable<ApiCall> Namespaces() =>
    [
        NamespaceCreate("a namespace", new Namespace { Name = "one", Labels = { ["a"] = "1", ["b"] = "2" } }),
        NamespaceCreate("it again", new Namespace { Name = "one" }),
        NamespaceCreate("a bad name", new Namespace { Name = "a/b" }),
        NamespaceCreate("a long name", new Namespace { Name = new string('a', 77) }),
        NamespaceCreate("no name", new Namespace()),
        NamespaceCreate("too much label", new Namespace { Name = "big", Labels = { ["k"] = new string('v', 4096) } }),
        NamespaceCreate("an empty label", new Namespace { Name = "empty", Labels = { ["k"] = "" } }),
        NamespaceGet("empty"),
        NamespaceGet("one"),
        NamespaceGet("nowhere"),
        NamespaceUpdate("one label", "one", new() { ["a"] = "3", ["b"] = "4" }, "labels.a"),
        NamespaceGet("one"),
        NamespaceUpdate("a label away", "one", [], "labels.a"),
        NamespaceGet("one"),
        NamespaceUpdate("all labels", "one", new() { ["z"] = "9" }),
        NamespaceGet("one"),
        NamespaceUpdate("a field that cannot be", "one", [], "name"),
        NamespaceUpdate("one that is not there", "fresh", new() { ["z"] = "9" }),
        NamespaceList(),
        NamespaceDelete("fresh"),
        NamespaceDelete("empty"),
        NamespaceDelete("nowhere"),
    ];

    private static IEnumerable<ApiCall> Containers() =>
    [
        ContainerCreate("no namespace", Container("c1"), null),
        ContainerCreate("a bad namespace", Container("c1"), "a/b"),
        ContainerCreate("a container", Container("c1")),
        ContainerCreate("it again", Container("c1")),
        ContainerCreate("a bad id", Container("a/b")),
        ContainerCreate("no id", Container("")),
        ContainerCreate("no runtime", With(Container("c2"), c => c.Runtime.Name = "")),
        ContainerCreate("a key without snapshotter", With(Container("c2"), c => c.SnapshotKey = "k")),
        ContainerCreate("an extension without name", With(Container("c2"), c => c.Extensions[""] = c.Spec)),
        ContainerCreate("too much label", With(Container("c2"), c => c.Labels["k"] = new string('v', 4096))),
        ContainerCreate("an empty label", With(Container("c3"), c => c.Labels["empty"] = "")),
        ContainerCreate("all fields", With(Container("c4"), c => { c.Snapshotter = "overlayfs"; c.SnapshotKey = "k"; c.Sandbox = "s"; c.Extensions["x"] = c.Spec; })),
        ContainerGet("c1"),
        ContainerGet("c4"),
        ContainerGet("nowhere"),
        ContainerList("all"),
        ContainerList("by id", "id==c1"),
        ContainerList("by label", "labels.\"a.b/c\"==x"),
        ContainerList("by label in parts", "labels.a.b~=^y"),
        ContainerList("by two", "id==c1", "image!=busybox"),
        ContainerList("by runtime", "runtime.name==io.containerd.runc.v2,id!=c1"),
        ContainerList("by an unknown field", "sandbox==s"),
        ContainerList("by nonsense", "id="),
        ContainerList("by an open quote", "id==\"x"),
        ContainerList("by a wrong quote", "id==/x/"),
        ContainerList("by more than there may be", "id==x y"),
        ContainerList("by nothing", "=="),
        ContainerList("by a wrong escape", "id==\"\\777\""),
        ContainerList("by a lone dot", "labels."),
        ContainerList("by two words", "id x"),
        ContainerList("by a control character", "id\u0001"),
        ContainerUpdate("no id", new Container()),
        ContainerUpdate("one that is not there", With(Container("nowhere"), _ => { })),
        ContainerUpdate("a label", With(Container("c1"), c => c.Labels["n"] = "1"), "labels.n"),
        ContainerUpdate("a label away", With(Container("c1"), c => c.Labels.Clear()), "labels.n"),
        ContainerUpdate("an extension", With(Container("c1"), c => c.Extensions["e"] = c.Spec), "extensions.e"),
        ContainerUpdate("image and key", With(Container("c1"), c => { c.Image = "other"; c.SnapshotKey = "k"; }), "image"),
        ContainerUpdate("a key without snapshotter", With(Container("c1"), c => c.SnapshotKey = "k"), "snapshotkey"),
        ContainerUpdate("a field that cannot be", Container("c1"), "runtime.name"),
        ContainerUpdate("all", With(Container("c1"), c => { c.Image = "all"; c.Labels.Clear(); c.Labels["only"] = "1"; c.Extensions["e"] = c.Spec; })),
        ContainerUpdate("all, other runtime", With(Container("c1"), c => c.Runtime.Name = "io.containerd.other.v1")),
        ContainerUpdate("all, other snapshotter", With(Container("c1"), c => c.Snapshotter = "native")),
        ContainerGet("c1"),
        NamespaceList(),
        NamespaceDelete("cmp"),
        ContainerDelete("c1"),
        ContainerDelete("c1"),
        ContainerDelete("c3"),
        ContainerDelete("c4"),
    ];

    private static IEnumerable<ApiCall> Leases() =>
    [
        ApiCall.Of<CreateResponse>("a lease", LeasesPath + "Create", new CreateRequest { Id = "l1", Labels = { ["a"] = "1", ["empty"] = "" } }),
        ApiCall.Of<CreateResponse>("it again", LeasesPath + "Create", new CreateRequest { Id = "l1" }),
        ApiCall.Of<CreateResponse>("a lease with any name", LeasesPath + "Create", new CreateRequest { Id = "a/b c" }),
        ApiCall.Of<ListResponse>("leases", LeasesPath + "List", new ListRequest()),
        ApiCall.Of<ListResponse>("leases by label", LeasesPath + "List", new ListRequest { Filters = { "labels.a==1" } }),
        ApiCall.Of<ListResponse>("leases by nonsense", LeasesPath + "List", new ListRequest { Filters = { "a b" } }),
        LeaseAdd("content", "l1", "content", Digest),
        LeaseAdd("a snapshot", "l1", "snapshots/overlayfs", "k"),
        LeaseAdd("an ingest", "l1", "ingests", "r"),
        LeaseAdd("content twice", "l1", "content", Digest),
        LeaseAdd("no digest", "l1", "content", "x"),
        LeaseAdd("a short digest", "l1", "content", "sha256:aa"),
        LeaseAdd("a strange digest", "l1", "content", "md5:aa"),
        LeaseAdd("a digest in capitals", "l1", "content", "sha256:" + new string('A', 64)),
        LeaseAdd("a snapshot of nobody", "l1", "snapshots", "k"),
        LeaseAdd("a type with parts", "l1", "content/x", "k"),
        LeaseAdd("an unknown type", "l1", "pets", "k"),
        LeaseAdd("in no lease", "nowhere", "ingests", "k"),
        ApiCall.Of<ListResourcesResponse>("resources", LeasesPath + "ListResources", new ListResourcesRequest { Id = "l1" }),
        ApiCall.Of<Empty>("resource away", LeasesPath + "DeleteResource", new DeleteResourceRequest { Id = "l1", Resource = new Resource { Id = "r", Type = "ingests" } }),
        ApiCall.Of<Empty>("it again", LeasesPath + "DeleteResource", new DeleteResourceRequest { Id = "l1", Resource = new Resource { Id = "r", Type = "ingests" } }),
        ApiCall.Of<ListResourcesResponse>("resources", LeasesPath + "ListResources", new ListResourcesRequest { Id = "l1" }),
        ApiCall.Of<ListResourcesResponse>("resources of nothing", LeasesPath + "ListResources", new ListResourcesRequest { Id = "nowhere" }),
        ApiCall.Of<Empty>("lease away", LeasesPath + "Delete", new DeleteRequest { Id = "l1", Sync = true }),
        ApiCall.Of<Empty>("it again", LeasesPath + "Delete", new DeleteRequest { Id = "l1" }),
        NamespaceDelete("cmp"),
        ApiCall.Of<ListResponse>("leases of a namespace that went", LeasesPath + "List", new ListRequest()),
    ];

    private static IEnumerable<ApiCall> Rest() =>
    [
        ApiCall.Of<PluginsResponse>("plugins by nonsense", IntrospectionPath + "Plugins", new PluginsRequest { Filters = { "type=" } }),
        ApiCall.Of<PluginsResponse>("no such plugin", IntrospectionPath + "Plugins", new PluginsRequest { Filters = { "id==nothing" } }),
        ApiCall.Of<PluginInfoResponse>("no such plugin", IntrospectionPath + "PluginInfo", new PluginInfoRequest { Type = "a", Id = "b" }),
        ApiCall.Of<Empty>("an unknown method", ContainersPath + "Nothing", new Empty()),
        ApiCall.Of<Empty>("an unknown service", "no.such.Service/Nothing", new Empty()),
    ];

    private static ApiCall NamespaceCreate(string name, Namespace created) =>
        ApiCall.Of<CreateNamespaceResponse>(name, NamespacesPath + "Create", new CreateNamespaceRequest { Namespace = created });

    private static ApiCall NamespaceGet(string name) => ApiCall.Of<GetNamespaceResponse>(name, NamespacesPath + "Get", new GetNamespaceRequest { Name = name });

    private static ApiCall NamespaceList() => ApiCall.Of<ListNamespacesResponse>("all", NamespacesPath + "List", new ListNamespacesRequest());

    private static ApiCall NamespaceDelete(string name) => ApiCall.Of<Empty>(name, NamespacesPath + "Delete", new DeleteNamespaceRequest { Name = name });

    private static ApiCall NamespaceUpdate(string name, string subject, Dictionary<string, string> labels, params string[] paths) =>
        ApiCall.Of<UpdateNamespaceResponse>(name, NamespacesPath + "Update", new UpdateNamespaceRequest
        {
            Namespace = new Namespace { Name = subject, Labels = { labels } },
            UpdateMask = paths.Length > 0 ? new FieldMask { Paths = { paths } } : null,
        });

    private static ApiCall ContainerCreate(string name, Container container, string? nameSpace = "cmp") =>
        ApiCall.Of<CreateContainerResponse>(name, ContainersPath + "Create", new CreateContainerRequest { Container = container }, nameSpace);

    private static ApiCall ContainerGet(string id) => ApiCall.Of<GetContainerResponse>(id, ContainersPath + "Get", new GetContainerRequest { Id = id });

    private static ApiCall ContainerList(string name, params string[] filters) =>
        ApiCall.Of<ListContainersResponse>(name, ContainersPath + "List", new ListContainersRequest { Filters = { filters } });

    private static ApiCall ContainerUpdate(string name, Container container, params string[] paths) =>
        ApiCall.Of<UpdateContainerResponse>(name, ContainersPath + "Update", new UpdateContainerRequest
        {
            Container = container,
            UpdateMask = paths.Length > 0 ? new FieldMask { Paths = { paths } } : null,
        });

    private static ApiCall ContainerDelete(string id) => ApiCall.Of<Empty>(id, ContainersPath + "Delete", new DeleteContainerRequest { Id = id });

    private static ApiCall LeaseAdd(string name, string lease, string type, string id) =>
        ApiCall.Of<Empty>(name, LeasesPath + "AddResource", new AddResourceRequest { Id = lease, Resource = new Resource { Type = type, Id = id } });

    private static Container Container(string id) => new()
    {
        Id = id,
        Image = "busybox",
        Labels = { ["a.b/c"] = "x", ["a.b"] = "y" },
        Runtime = new Container.Types.Runtime { Name = "io.containerd.runc.v2" },
        Spec = new Any { TypeUrl = "types.containerd.io/opencontainers/runtime-spec/1/Spec", Value = ByteString.CopyFromUtf8("{}") },
    };

    private static Container With(Container container, Action<Container> change)
    {
        change(container);
        return container;
    }
}
