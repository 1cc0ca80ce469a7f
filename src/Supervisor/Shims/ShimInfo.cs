using Google.Protobuf;
using ShimStack.Api.Types;
using ShimStack.Supervisor.Introspection;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Shims;

/// <inheritdoc/>
internal sealed class ShimInfo(RuntimeBinary binaries, ShimCommand command) : IRuntimeInfo
{
    private const string Default = "io.containerd.runc.v2";

    public async Task<RuntimeInfo> ReadAsync(RuntimeRequest request, CancellationToken cancellation)
    {
        string binary = binaries.Resolve(request.RuntimePath.Length > 0 ? request.RuntimePath : Default);
        byte[] output = await command.InfoAsync(binary, request.Options?.ToByteArray() ?? default(ReadOnlyMemory<byte>), cancellation);
        try
        {
            return RuntimeInfo.Parser.ParseFrom(output);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw RpcException.Unknown($"{binary} -info: its answer is no message: {e.Message}");
        }
    }
}
