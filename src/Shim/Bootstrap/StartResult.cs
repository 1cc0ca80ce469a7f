using System.Text;
using Google.Protobuf;
using ShimStack.Api.Bootstrap;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// What the start action prints. Before 2.3 the bare address: every daemon takes it, and speaks version 2 of the Task service then. Nothing
/// in their input tells a 2.0 from a 1.6, which would take the JSON form for an address. From 2.3 on the message, with version 3. A shim
/// that runs already, and that a daemon speaks version 3 with, is named in the form of that daemon.
/// </summary>
internal static class StartResult
{
    private const int TaskVersion = 3;

    /// <summary>The bytes for stdout, without a newline: 1.6 writes them to a file that it later takes as they are.</summary>
    /// <param name="protocol">The daemon's.</param>
    /// <param name="address">Where the shim listens.</param>
    /// <param name="running">The record of that shim, if it was there before and a daemon has made one.</param>
    public static byte[] For(BootstrapProtocol protocol, SocketAddress address, BootstrapRecord? running = null) => protocol switch
    {
        BootstrapProtocol.BootstrapParams =>
            new BootstrapResult { Version = running?.Version ?? TaskVersion, Address = address.Uri, Protocol = "ttrpc" }.ToByteArray(),
        _ when running is { Version: >= TaskVersion } record => record.ToJson(),
        _ => Encoding.UTF8.GetBytes(address.Uri),
    };
}
