using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace ShimStack.Supervisor.Hosting;

/// <summary>
/// A connection is closed by its client. Once the server has said that it takes no more calls (GOAWAY) it would close at once, and a call that was on
/// its way would meet a broken pipe, of which its client learns before it reads what was said. So what still comes is read and dropped: the client
/// reads that its call was not taken, and makes it again on another connection. See RFC 9113, section 6.8. For the same reason a connection that
/// has just been made is good for one call: see <see cref="CloseAfterCall"/>.
/// </summary>
internal static class LingeringClose
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);

    /// <summary>Serves a connection to its end.</summary>
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IDuplexPipe transport = connection.Transport;
        connection.Transport = new OpenTransport(transport);
        CloseAfterCall.Arrange(connection, Limit);
        try
        {
            await next(connection);
            await DrainAsync(transport.Input);
        }
        finally
        {
            connection.Transport = transport;
            await transport.Input.CompleteAsync();
            await transport.Output.CompleteAsync();
        }
    }

    private static async Task DrainAsync(PipeReader input)
    {
        using CancellationTokenSource end = new(Limit);
        try
        {
            while (true)
            {
                ReadResult read = await input.ReadAsync(end.Token);
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionAbortedException)
        {
            // It does not close, or has gone otherwise.
        }
    }
}
