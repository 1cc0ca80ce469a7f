using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using ShimStack.Api;
using ShimStack.Api.Daemon;
using ShimStack.Api.Types;
using ShimStack.Native.Files;
using ShimStack.Native.Processes;
using ShimStack.Supervisor.Filters;
using IntrospectionApi = ShimStack.Api.Daemon.Introspection;
using RpcException = ShimStack.Ttrpc.RpcException;

namespace ShimStack.Supervisor.Introspection;

/// <summary>containerd.services.introspection.v1.</summary>
/// <param name="identity">Who we are.</param>
/// <param name="runtimes">Who asks a runtime what it can.</param>
internal sealed class IntrospectionService(ServerIdentity identity, IRuntimeInfo? runtimes = null) : IntrospectionApi.IntrospectionBase
{
    public override Task<PluginsResponse> Plugins(PluginsRequest request, ServerCallContext context)
    {
        Filter filter = Filter.Parse(request.Filters);
        PluginsResponse response = new();
        foreach (Plugin plugin in PluginList.All)
        {
            if (filter.Matches(FieldsOf(plugin)))
            {
                response.Plugins.Add(plugin);
            }
        }

        return Task.FromResult(response);
    }

    public override Task<ServerResponse> Server(Empty request, ServerCallContext context) => Task.FromResult(new ServerResponse
    {
        Uuid = identity.Uuid,
        Pid = (ulong)CurrentProcess.Id,
        Pidns = Files.Status("/proc/self/ns/pid").Inode, // see namespaces(7)
    });

    public override async Task<PluginInfoResponse> PluginInfo(PluginInfoRequest request, ServerCallContext context)
    {
        Plugin plugin = PluginList.All.FirstOrDefault(p => p.Type == request.Type && p.Id == request.Id)
            ?? throw RpcException.NotFound($"plugin {request.Type}.{request.Id} not found: not found");
        PluginInfoResponse response = new() { Plugin = plugin };
        if (request.Options is null)
        {
            return response;
        }

        if (plugin.Type != PluginList.RuntimeType || runtimes is null)
        {
            throw RpcException.Unimplemented("plugin does not provided extra information: not implemented"); // containerd's words
        }

        RuntimeInfo info = await runtimes.ReadAsync(RequestIn(request.Options), context.CancellationToken);
        response.Extra = new Any { TypeUrl = TypeUrls.RuntimeInfo, Value = info.ToByteString() };
        return response;
    }

    private static RuntimeRequest RequestIn(Any options)
    {
        if (options.TypeUrl[(options.TypeUrl.LastIndexOf('/') + 1)..] != TypeUrls.RuntimeRequest)
        {
            throw RpcException.InvalidArgument($"options of type {options.TypeUrl} are no {TypeUrls.RuntimeRequest}: invalid argument");
        }

        try
        {
            return RuntimeRequest.Parser.ParseFrom(options.Value);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw RpcException.InvalidArgument($"options are no {TypeUrls.RuntimeRequest}: {e.Message}: invalid argument");
        }
    }

    // As in containerd, platforms and capabilities cannot be asked for: they are lists.
    private static FieldOf FieldsOf(Plugin plugin) => path => path switch
    {
        ["type", ..] => plugin.Type,
        ["id", ..] => plugin.Id,
        _ => null,
    };
}
