namespace ShimStack.Ttrpc.Tests;

public sealed class ErrorStatusTests
{
    public static TheoryData<Exception, RpcCode, string> Table => new()
    {
        { RpcException.AlreadyExists("task a1 is there"), RpcCode.AlreadyExists, "task a1 is there" },
        { new OperationCanceledException("x"), RpcCode.Canceled, "context canceled" },
        { new EndOfStreamException("x"), RpcCode.OutOfRange, "x" },
        { new ObjectDisposedException(null, "x"), RpcCode.FailedPrecondition, "x" },
        { new TimeoutException("x"), RpcCode.DeadlineExceeded, "x" },
        { new NotImplementedException("x"), RpcCode.Unimplemented, "x" },
        { new FileNotFoundException("x"), RpcCode.NotFound, "x" },
        { new DirectoryNotFoundException("x"), RpcCode.NotFound, "x" },
        { new UnauthorizedAccessException("x"), RpcCode.PermissionDenied, "x" },
        { new IOException("x", 17), RpcCode.AlreadyExists, "x" },
        { new IOException("x"), RpcCode.Unknown, "x" },
        { new InvalidOperationException("x"), RpcCode.Unknown, "x" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task WhatAHandlerThrowsBecomesAStatus(Exception thrown, RpcCode code, string message)
    {
        await using ServerFixture fixture = new();
        fixture.Server.Failure = thrown;
        await fixture.Peer.RequestAsync(1, "Fail");
        await fixture.Peer.ExpectErrorAsync(1, code, message);
    }

    [Fact]
    public async Task CreatingAFileThatIsThereIsAlreadyExists()
    {
        string path = Path.GetTempFileName();
        try
        {
            IOException thrown = Assert.Throws<IOException>(() => new FileStream(path, FileMode.CreateNew).Dispose());
            await using ServerFixture fixture = new();
            fixture.Server.Failure = thrown;
            await fixture.Peer.RequestAsync(1, "Fail");
            await fixture.Peer.ExpectErrorAsync(1, RpcCode.AlreadyExists, thrown.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
