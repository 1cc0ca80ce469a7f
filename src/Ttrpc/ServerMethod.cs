using Google.Protobuf;

namespace ShimStack.Ttrpc;

/// <summary>A registered method: how to get from the payload of a request to the message of the response.</summary>
/// <param name="Service">Full name of the service.</param>
/// <param name="Name">Bare name of the method.</param>
/// <param name="Invoke">Runs the handler; null stands for the end of a stream of answers.</param>
internal sealed record ServerMethod(string Service, string Name, Func<ByteString, ServerCall, ValueTask<IMessage?>> Invoke)
{
    /// <summary>The method has a stream of its own in one direction at least.</summary>
    public bool IsStreaming { get; init; }

    /// <summary>The client may send more than one message.</summary>
    public bool TakesStream { get; init; }
}
