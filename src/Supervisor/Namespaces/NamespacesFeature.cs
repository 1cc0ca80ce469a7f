using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Namespaces;

/// <summary>The namespaces of the daemon.</summary>
internal sealed class NamespacesFeature
{
    private const string Service = "containerd.services.namespaces.v1.Namespaces/";

    public NamespacesFeature(DaemonSurroundings around, EventJournal journal)
    {
        NamespacesService service = new(new NamespaceStore(around.Database), journal);
        around.Api
            .Unary(Service + nameof(service.Get), GetNamespaceRequest.Parser, GetNamespaceResponse.Parser, service.Get)
            .Unary(Service + nameof(service.List), ListNamespacesRequest.Parser, ListNamespacesResponse.Parser, service.List)
            .Unary(Service + nameof(service.Create), CreateNamespaceRequest.Parser, CreateNamespaceResponse.Parser, service.Create)
            .Unary(Service + nameof(service.Update), UpdateNamespaceRequest.Parser, UpdateNamespaceResponse.Parser, service.Update)
            .Unary(Service + nameof(service.Delete), DeleteNamespaceRequest.Parser, Empty.Parser, service.Delete);
    }
}
