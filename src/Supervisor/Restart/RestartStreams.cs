using Google.Protobuf;
using ShimStack.Api.Daemon;

namespace ShimStack.Supervisor.Restart;

/// <summary>
/// How a later run is asked for: as the first one was, but for FIFOs. Nobody is at their other end any more, so the output goes to the log that the
/// labels name, else nowhere, as with containerd's restart monitor; and there is no input.
/// </summary>
internal static class RestartStreams
{
    /// <param name="recorded">The CreateTaskRequest of the first run.</param>
    /// <param name="wish">What the labels say.</param>
    /// <exception cref="InvalidProtocolBufferException">What is on record is none.</exception>
    public static CreateTaskRequest Request(byte[] recorded, RestartWish wish)
    {
        CreateTaskRequest request = CreateTaskRequest.Parser.ParseFrom(recorded);
        request.Stdin = "";
        request.Stdout = Again(request.Stdout, wish.Log);
        request.Stderr = request.Terminal ? "" : Again(request.Stderr, wish.Log);
        return request;
    }

    private static string Again(string stream, string? log) => stream.Length == 0 || stream.Contains("://", StringComparison.Ordinal) ? stream : log ?? "";
}
