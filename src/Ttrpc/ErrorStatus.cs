namespace ShimStack.Ttrpc;

/// <summary>The one place where what a handler throws becomes a status.</summary>
internal static class ErrorStatus
{
    private const int EEXIST = 17;

    /// <summary>A status thrown as such goes out as it is; of the rest, the kind of the exception says what it means.</summary>
    public static RpcException Of(Exception exception) => exception switch
    {
        RpcException status => status,
        OperationCanceledException => new RpcException(RpcCode.Canceled, "context canceled", exception),
        EndOfStreamException => new RpcException(RpcCode.OutOfRange, exception.Message, exception),
        ObjectDisposedException => new RpcException(RpcCode.FailedPrecondition, exception.Message, exception),
        TimeoutException => new RpcException(RpcCode.DeadlineExceeded, exception.Message, exception),
        NotImplementedException => new RpcException(RpcCode.Unimplemented, exception.Message, exception),
        FileNotFoundException or DirectoryNotFoundException => new RpcException(RpcCode.NotFound, exception.Message, exception),
        UnauthorizedAccessException => new RpcException(RpcCode.PermissionDenied, exception.Message, exception),
        // On Unix the HResult of an IOException is the errno.
        IOException { HResult: EEXIST } => new RpcException(RpcCode.AlreadyExists, exception.Message, exception),
        _ => new RpcException(RpcCode.Unknown, exception.Message, exception),
    };

    /// <summary>The exception says nothing that the peer was meant to be told: a human should look.</summary>
    public static bool IsUnexpected(Exception exception) => Of(exception).Code == RpcCode.Unknown && exception is not RpcException;
}
