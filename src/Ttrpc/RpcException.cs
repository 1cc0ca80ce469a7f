namespace ShimStack.Ttrpc;

/// <summary>
/// A call that failed, with the status that travels to the other side: thrown by a handler to answer it, thrown by a client that
/// received it.
/// </summary>
/// <param name="code">The status code; <see cref="RpcCode.Ok"/> makes no sense here.</param>
/// <param name="message">The text of the status: lower-case, what was tried, on what, and why it failed.</param>
/// <param name="inner">The cause; it stays in this process.</param>
public sealed class RpcException(RpcCode code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The status code.</summary>
    public RpcCode Code { get; } = code;

    public static RpcException Canceled(string message) => new(RpcCode.Canceled, message);

    public static RpcException Unknown(string message) => new(RpcCode.Unknown, message);

    public static RpcException InvalidArgument(string message) => new(RpcCode.InvalidArgument, message);

    public static RpcException DeadlineExceeded(string message) => new(RpcCode.DeadlineExceeded, message);

    public static RpcException NotFound(string message) => new(RpcCode.NotFound, message);

    public static RpcException AlreadyExists(string message) => new(RpcCode.AlreadyExists, message);

    public static RpcException PermissionDenied(string message) => new(RpcCode.PermissionDenied, message);

    public static RpcException ResourceExhausted(string message) => new(RpcCode.ResourceExhausted, message);

    public static RpcException FailedPrecondition(string message) => new(RpcCode.FailedPrecondition, message);

    public static RpcException Unimplemented(string message) => new(RpcCode.Unimplemented, message);

    public static RpcException Internal(string message) => new(RpcCode.Internal, message);

    public static RpcException Unavailable(string message) => new(RpcCode.Unavailable, message);

    /// <summary>What every call of a connection that is gone ends with.</summary>
    internal static RpcException Closed(Exception? inner = null) => new(RpcCode.Unavailable, "ttrpc: closed", inner);

    internal static RpcException DeadlinePassed() => DeadlineExceeded("context deadline exceeded");

    internal static RpcException TooLong(long length, int limit) =>
        ResourceExhausted($"message length {length} exceed maximum message size of {limit}");
}
