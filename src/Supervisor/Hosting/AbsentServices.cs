using System.Globalization;
using Grpc.Core;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// Answers calls of services that are not here: Unimplemented, with a sentence that says why, in a response of trailers only. Never an HTTP
/// error, which clients take for a broken connection. See https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md.
/// </summary>
/// <param name="methods">The calls that are here.</param>
internal sealed class AbsentServices(ApiMethods methods)
{
    private const string Images = "images stay with the daemon above shimstackd, which hands over a root file system ready to mount";
    private const string Sandboxes = "shimstackd groups the containers of a pod by the annotations of their specs, and has no sandboxes";

    private static readonly Dictionary<string, string> Reasons = new()
    {
        ["containerd.services.content.v1.Content"] = Images,
        ["containerd.services.images.v1.Images"] = Images,
        ["containerd.services.snapshots.v1.Snapshots"] = Images,
        ["containerd.services.diff.v1.Diff"] = Images,
        ["containerd.services.transfer.v1.Transfer"] = Images,
        ["containerd.services.streaming.v1.Streaming"] = Images,
        ["containerd.services.mounts.v1.Mounts"] = Images,
        ["containerd.services.sandbox.v1.Store"] = Sandboxes,
        ["containerd.services.sandbox.v1.Controller"] = Sandboxes,
        ["runtime.v1.RuntimeService"] = "shimstackd does not speak to a kubelet",
        ["runtime.v1.ImageService"] = "shimstackd does not speak to a kubelet",
    };

    /// <summary>Takes all that nobody else takes.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        string[] parts = (context.Request.Path.Value ?? "").Split('/');
        string service = parts.Length > 1 ? parts[1] : "";
        string method = parts.Length > 2 ? parts[2] : "";
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers.GrpcStatus = ((int)StatusCode.Unimplemented).ToString(CultureInfo.InvariantCulture);
        response.Headers.GrpcMessage = Message(Uri.EscapeDataString(service), Uri.EscapeDataString(method)); // the client unescapes
        return Task.CompletedTask;
    }

    // The words are those of gRPC for Go, as far as they go.
    private string Message(string service, string method)
    {
        if (Reasons.TryGetValue(service, out string? reason))
        {
            return $"unknown service {service}: {reason}";
        }

        bool isHere = methods.Paths.Any(path => path.StartsWith($"/{service}/", StringComparison.Ordinal));
        return isHere ? $"unknown method {method} for service {service}" : $"unknown service {service}";
    }
}
