using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Hosting;

namespace ShimStack.Supervisor.Leases;

/// <summary>The leases of the daemon.</summary>
internal sealed class LeasesFeature
{
    private const string Service = "containerd.services.leases.v1.Leases/";

    public LeasesFeature(DaemonSurroundings around)
    {
        LeasesService service = new(new LeaseStore(around.Database, around.Time), around.Time);
        around.Api
            .Unary(Service + nameof(service.Create), CreateRequest.Parser, CreateResponse.Parser, service.Create)
            .Unary(Service + nameof(service.Delete), DeleteRequest.Parser, Empty.Parser, service.Delete)
            .Unary(Service + nameof(service.List), ListRequest.Parser, ListResponse.Parser, service.List)
            .Unary(Service + nameof(service.AddResource), AddResourceRequest.Parser, Empty.Parser, service.AddResource)
            .Unary(Service + nameof(service.DeleteResource), DeleteResourceRequest.Parser, Empty.Parser, service.DeleteResource)
            .Unary(Service + nameof(service.ListResources), ListResourcesRequest.Parser, ListResourcesResponse.Parser, service.ListResources);
    }
}
