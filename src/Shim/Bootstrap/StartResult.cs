using System.Text;
using Google.Protobuf;
using ShimStack.Api.Bootstrap;

namespace ShimStack.Shim.Bootstrap;

/// <summary>
/// What the start action prints. Before 2.3 the bare address: every daemon takes it, and speaks version 2 of the Task service then. Nothing
/// in
/// their input tells a 2.0 from a 1.6, which would take the JSON form for an address. From 2.3 on the message, with version 3.
/// </summary>
internal static class StartResult
{
    private const int TaskVersion = 3;

    /// <summary>The bytes for stdout, without a newline: 1.6 writes them to a file that it later takes as they are.</summary>
    public static byte[] For(BootstrapProtocol protocol, SocketAddress address) => protocol switch
    {
        BootstrapProtocol.BootstrapParams =>
            new BootstrapResult { Version = TaskVersion, Address = address.Uri, Protocol = "ttrpc" }.ToByteArray(),
        _ => Encoding.UTF8.GetBytes(address.Uri),
    };
}
