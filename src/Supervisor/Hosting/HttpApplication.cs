using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace ShimStack.Supervisor.Hosting;

/// <summary>What Kestrel hands requests to: one that answers all of them.</summary>
internal sealed class HttpApplication(IServiceProvider services, RequestDelegate answer) : IHttpApplication<DefaultHttpContext>
{
    // A stream of HTTP/2 is used again by the server, and its context with it.
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        IHostContextContainer<DefaultHttpContext>? container = contextFeatures as IHostContextContainer<DefaultHttpContext>;
        if (container?.HostContext is DefaultHttpContext used)
        {
            used.Initialize(contextFeatures);
            used.RequestServices = services;
            return used;
        }

        DefaultHttpContext context = new(contextFeatures) { RequestServices = services };
        container?.HostContext = context;
        return context;
    }

    public Task ProcessRequestAsync(DefaultHttpContext context) => answer(context);

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}
