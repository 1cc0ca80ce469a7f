using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api.Daemon;
using ShimStack.Supervisor.Filters;
using ShimStack.Supervisor.Hosting;
using LeasesApi = ShimStack.Api.Daemon.Leases;

namespace ShimStack.Supervisor.Leases;

/// <summary>containerd.services.leases.v1. There is nothing here that is collected; clients hold leases on what the daemon above keeps.</summary>
internal sealed class LeasesService(LeaseStore store, TimeProvider time) : LeasesApi.LeasesBase
{
    public override async Task<CreateResponse> Create(CreateRequest request, ServerCallContext context)
    {
        string nameSpace = RequestNamespace.Of(context);
        DateTimeOffset now = time.GetUtcNow();
        Lease lease = new() { Id = request.Id.Length > 0 ? request.Id : RandomId(now), CreatedAt = now.ToTimestamp(), Labels = { request.Labels } };
        Labels.DropEmpty(lease.Labels);
        await store.CreateAsync(nameSpace, lease);
        return new CreateResponse { Lease = lease };
    }

    public override async Task<Empty> Delete(DeleteRequest request, ServerCallContext context)
    {
        await store.DeleteAsync(RequestNamespace.Of(context), request.Id);
        return new Empty();
    }

    public override async Task<ListResponse> List(ListRequest request, ServerCallContext context)
    {
        string nameSpace = RequestNamespace.Of(context);
        Filter filter = Filter.Parse(request.Filters);
        List<Lease> leases = await store.ListAsync(nameSpace);
        leases.RemoveAll(lease => !filter.Matches(FieldsOf(lease)));
        return new ListResponse { Leases = { leases } };
    }

    public override async Task<Empty> AddResource(AddResourceRequest request, ServerCallContext context)
    {
        await store.AddResourceAsync(RequestNamespace.Of(context), request.Id, LeaseResource.Require(request.Resource));
        return new Empty();
    }

    public override async Task<Empty> DeleteResource(DeleteResourceRequest request, ServerCallContext context)
    {
        await store.DeleteResourceAsync(RequestNamespace.Of(context), request.Id, LeaseResource.Require(request.Resource));
        return new Empty();
    }

    public override async Task<ListResourcesResponse> ListResources(ListResourcesRequest request, ServerCallContext context) => new()
    {
        Resources = { await store.ListResourcesAsync(RequestNamespace.Of(context), request.Id) },
    };

    private static string RandomId(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[3];
        RandomNumberGenerator.Fill(bytes);
        long nanoseconds = (now - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        return string.Create(CultureInfo.InvariantCulture, $"{nanoseconds}-{Base64Url.EncodeToString(bytes)}");
    }

    private static FieldOf FieldsOf(Lease lease) => path => path switch
    {
        ["id", ..] => FieldPaths.Text(lease.Id),
        ["labels", ..] => FieldPaths.Label(lease.Labels, path),
        _ => null,
    };
}
