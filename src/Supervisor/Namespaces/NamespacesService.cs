using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api;
using ShimStack.Api.Daemon;
using ShimStack.Api.Events;
using ShimStack.Supervisor.Events;
using ShimStack.Supervisor.Hosting;
using NamespacesApi = ShimStack.Api.Daemon.Namespaces;
using RpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Namespaces;

/// <summary>containerd.services.namespaces.v1. As in containerd, one that is not there has no labels, and is made by an update.</summary>
internal sealed class NamespacesService(NamespaceStore store, EventJournal journal) : NamespacesApi.NamespacesBase
{
    private const string LabelPrefix = "labels.";

    public override async Task<GetNamespaceResponse> Get(GetNamespaceRequest request, ServerCallContext context) => new()
    {
        Namespace = await store.FindAsync(request.Name) ?? new Namespace { Name = request.Name },
    };

    public override async Task<ListNamespacesResponse> List(ListNamespacesRequest request, ServerCallContext context) => new()
    {
        Namespaces = { await store.ListAsync() },
    };

    public override async Task<CreateNamespaceResponse> Create(CreateNamespaceRequest request, ServerCallContext context)
    {
        Namespace created = Require(request.Namespace);
        await store.CreateAsync(created.Clone());
        NamespaceCreate told = new() { Name = created.Name, Labels = { created.Labels } };
        await journal.PublishAsync(created.Name, Topics.NamespaceCreate, TypeUrls.NamespaceCreate, told);
        return new CreateNamespaceResponse { Namespace = created };
    }

    public override async Task<UpdateNamespaceResponse> Update(UpdateNamespaceRequest request, ServerCallContext context)
    {
        Namespace updated = Require(request.Namespace);
        await store.SetLabelsAsync(updated.Name, updated.Labels, request.UpdateMask is { Paths.Count: > 0 } mask ? KeysOf(mask) : null);
        NamespaceUpdate told = new() { Name = updated.Name, Labels = { updated.Labels } };
        await journal.PublishAsync(updated.Name, Topics.NamespaceUpdate, TypeUrls.NamespaceUpdate, told);
        return new UpdateNamespaceResponse();
    }

    public override async Task<Empty> Delete(DeleteNamespaceRequest request, ServerCallContext context)
    {
        await store.DeleteAsync(request.Name);
        await journal.PublishAsync(request.Name, Topics.NamespaceDelete, TypeUrls.NamespaceDelete, new NamespaceDelete { Name = request.Name });
        return new Empty();
    }

    private static Namespace Require(Namespace? given)
    {
        Namespace required = given ?? throw RpcException.InvalidArgument("namespace must be set: invalid argument");
        if (IdentifierRule.Fault(required.Name) is string fault)
        {
            throw RpcException.InvalidArgument($"{fault}: invalid argument");
        }

        Labels.Require("namespace.Labels", required.Labels);
        return required;
    }

    private static List<string> KeysOf(FieldMask mask)
    {
        List<string> keys = new(mask.Paths.Count);
        foreach (string path in mask.Paths)
        {
            if (!path.StartsWith(LabelPrefix, StringComparison.Ordinal))
            {
                throw RpcException.InvalidArgument($"cannot update \"{path}\" field");
            }

            keys.Add(path[LabelPrefix.Length..]);
        }

        return keys;
    }
}
