using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api;
using ShimStack.Api.Runc;
using ShimStack.Ttrpc;

namespace ShimStack.Supervisor.Tasks;

/// <summary>Where a checkpoint is written: only a folder will do, as there is no content store.</summary>
internal static class CheckpointPath
{
    /// <exception cref="RpcException">InvalidArgument: the options are no message. Unimplemented: they name no folder.</exception>
    public static string Of(Any? options)
    {
        string path = options?.TypeUrl == TypeUrls.RuncCheckpointOptions ? Parse(options).ImagePath : "";
        return path.Length > 0 ? path : throw RpcException.Unimplemented(
            "a checkpoint into a content store: shimstackd has none, images and their content stay with the daemon above; name a folder by image_path of the checkpoint options");
    }

    private static CheckpointOptions Parse(Any options)
    {
        try
        {
            return CheckpointOptions.Parser.ParseFrom(options.Value);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw RpcException.InvalidArgument($"checkpoint options of type {options.TypeUrl}: {e.Message}: invalid argument");
        }
    }
}
