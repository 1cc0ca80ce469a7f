using System.Text;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// Where the shim of a group listens. Every helper of the group computes the same place, which is how a second one finds the first.
/// </summary>
/// <param name="Path">The socket file.</param>
internal readonly record struct SocketAddress(string Path)
{
    /// <summary>
    /// Where sockets are when the daemon names no directory (before 2.3): a constant, whatever the daemon's state directory is.
    /// </summary>
    public const string DefaultDirectory = "/run/containerd/s";

    private const string Scheme = "unix://";

    /// <summary>The address in the form that a daemon dials.</summary>
    public string Uri => Scheme + Path;

    /// <summary>The address of a group's shim: the hash of daemon socket, namespace and group names the file.</summary>
    /// <param name="directory">The directory of sockets.</param>
    /// <param name="grpcAddress">The daemon's gRPC socket, verbatim.</param>
    /// <param name="nameSpace">The containerd namespace.</param>
    /// <param name="group">The group, which is the container's id when nothing groups it.</param>
    /// <exception cref="StartupException">The path would be too long for a socket.</exception>
    public static SocketAddress Of(string directory, string grpcAddress, string nameSpace, string group)
    {
        string hash = Sha256.HexOf(Encoding.UTF8.GetBytes(GoPath.Join(grpcAddress, nameSpace, group)));
        string path = GoPath.Join(directory, hash);
        CheckLength(path);
        return new SocketAddress(path);
    }

    /// <summary>The address in the text of an <c>address</c> file; null if it is not a path on this machine.</summary>
    public static SocketAddress? TryParse(string uri) =>
        uri.StartsWith(Scheme + "/", StringComparison.Ordinal) ? new SocketAddress(uri[Scheme.Length..]) : null;

    /// <summary>Passes a path that fits into sockaddr_un. See unix(7).</summary>
    /// <exception cref="StartupException">It does not fit.</exception>
    public static void CheckLength(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > ShimArguments.MaxSocketPathLength)
        {
            throw new StartupException($"\"{path}\": unix socket path too long (> {ShimArguments.MaxSocketPathLength})");
        }
    }
}
