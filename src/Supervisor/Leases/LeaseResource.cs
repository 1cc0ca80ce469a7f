using System.Text.RegularExpressions;
using ShimStack.Api.Daemon;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Leases;

/// <summary>What a lease may keep. None of it is here; a client may say so nevertheless, and ask again.</summary>
internal static partial class LeaseResource
{
    private const string SnapshotsType = "snapshots";

    /// <summary>Passes a resource of a kind that containerd knows.</summary>
    /// <exception cref="RpcException">InvalidArgument or Unimplemented, with containerd's words.</exception>
    public static Resource Require(Resource? given)
    {
        Resource resource = given ?? throw RpcException.InvalidArgument("resource must be set: invalid argument");
        string[] parts = resource.Type.Split('/');
        switch (parts[0])
        {
            case "content" or "ingests" or "images" when parts.Length != 1:
                throw RpcException.InvalidArgument($"invalid resource type {resource.Type}: invalid argument");
            case "content" when DigestFault(resource.Id) is string fault:
                throw RpcException.InvalidArgument($"invalid content resource id {resource.Id}: {fault}: invalid argument");
            case SnapshotsType when parts.Length != 2:
                throw RpcException.InvalidArgument($"invalid snapshot resource type {resource.Type}: invalid argument");
            case "content" or "ingests" or "images" or SnapshotsType:
                return resource;
            default:
                throw RpcException.Unimplemented($"resource type {resource.Type} not supported yet: not implemented");
        }
    }

    private static string? DigestFault(string digest)
    {
        int colon = digest.IndexOf(':', StringComparison.Ordinal);
        int length = (colon < 0 ? "" : digest[..colon]) switch
        {
            "sha256" => 64,
            "sha384" => 96,
            "sha512" => 128,
            _ => 0,
        };
        if (colon <= 0 || colon + 1 == digest.Length || (length == 0 && !Digest().IsMatch(digest)))
        {
            return "invalid checksum digest format";
        }

        if (length == 0)
        {
            return "unsupported digest algorithm";
        }

        if (digest.Length - colon - 1 != length)
        {
            return "invalid checksum digest length";
        }

        return !Encoded().IsMatch(digest.AsSpan(colon + 1)) ? "invalid checksum digest format" : null;
    }

    [GeneratedRegex(@"\A[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+\z")]
    private static partial Regex Digest();

    [GeneratedRegex(@"\A[0-9a-f]+\z")]
    private static partial Regex Encoded();
}
