using System.Security.Cryptography;
using System.Text;

namespace ShimStack.ShimDriver.Shims;

/// <summary>Where a shim listens: computed here a second time, from the contract, to check and to clean up after the shim.</summary>
public static class SocketAddress
{
    /// <summary>Directory of all shims' sockets when the daemon names no other.</summary>
    public const string DefaultDirectory = "/run/containerd/s";

    /// <summary>Path of the socket: the hash of address, namespace and group joined as a path.</summary>
    /// <param name="grpcAddress">The -address flag, verbatim.</param>
    /// <param name="containerdNamespace">The -namespace flag.</param>
    /// <param name="groupId">The group's id; the container id when it has no group.</param>
    /// <param name="directory">Where sockets are.</param>
    public static string PathOf(string grpcAddress, string containerdNamespace, string groupId, string directory = DefaultDirectory)
    {
        byte[] joined = Encoding.UTF8.GetBytes($"{grpcAddress.TrimEnd('/')}/{containerdNamespace}/{groupId}");
        return $"{directory}/{Convert.ToHexStringLower(SHA256.HashData(joined))}";
    }
}
