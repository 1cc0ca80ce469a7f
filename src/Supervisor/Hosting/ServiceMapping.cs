using Grpc.Core;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// Maps a service by the definition that protoc has made for it. The other way, by its type, looks for the methods by reflection and makes their
/// generic types at run time: under NativeAOT that was most of the time that a start takes.
/// </summary>
internal static class ServiceMapping
{
    /// <param name="endpoints">Where to.</param>
    /// <param name="bind">The generated BindService.</param>
    public static void MapService<TService>(this IEndpointRouteBuilder endpoints, Func<TService, ServerServiceDefinition> bind)
        where TService : class => endpoints.MapGrpcService(bind(endpoints.ServiceProvider.GetRequiredService<TService>()));
}
