using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;

namespace ShimStack.Drill.Apis;

/// <summary>dockerd's HTTP on its unix socket, with the newest version of its API. Errors are what <see cref="IDaemonApi"/> says.</summary>
internal sealed class DockerClient(string socket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectCallback = (_, stop) => ConnectAsync(socket, stop) })
    {
        BaseAddress = new Uri("http://localhost"),
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public async Task<JsonNode> GetAsync(string path, CancellationToken stop) => Parse(await CallAsync(HttpMethod.Get, path, null, stop));

    /// <summary>A call whose answer is a document.</summary>
    public async Task<JsonNode> AskAsync(string path, JsonNode? body, CancellationToken stop) =>
        Parse(await CallAsync(HttpMethod.Post, path, Content(body), stop));

    /// <summary>A call that is only done or refused.</summary>
    public Task PostAsync(string path, JsonNode? body, CancellationToken stop) => CallAsync(HttpMethod.Post, path, Content(body), stop);

    public Task UploadAsync(string path, Stream file, CancellationToken stop) =>
        CallAsync(HttpMethod.Post, path, new StreamContent(file), stop);

    public Task DeleteAsync(string path, CancellationToken stop) => CallAsync(HttpMethod.Delete, path, null, stop);

    /// <summary>One document after the other, until the daemon ends it.</summary>
    public async Task FollowAsync(string path, Action<JsonNode> take, CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, stop);
            await CheckAsync(answer, stop);
            using StreamReader reader = new(await answer.Content.ReadAsStreamAsync(stop));
            while (await reader.ReadLineAsync(stop) is string line)
            {
                take(JsonNode.Parse(line)!);
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Away(e);
        }
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(string socket, CancellationToken stop)
    {
        Socket connection = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), stop);
            return new NetworkStream(connection, ownsSocket: true);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static StringContent? Content(JsonNode? body) =>
        body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");

    // A daemon that goes while it answers may end the answer as if that were all.
    private static JsonNode Parse(string text) => text.Length > 0
        ? JsonNode.Parse(text)!
        : throw new RpcException(new Status(StatusCode.Unavailable, "the answer is empty"));

    private async Task<string> CallAsync(HttpMethod method, string path, HttpContent? content, CancellationToken stop)
    {
        try
        {
            using HttpRequestMessage request = new(method, path) { Content = content };
            using HttpResponseMessage answer = await _http.SendAsync(request, stop);
            await CheckAsync(answer, stop);
            return await answer.Content.ReadAsStringAsync(stop);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Away(e);
        }
    }

    private static async Task CheckAsync(HttpResponseMessage answer, CancellationToken stop)
    {
        // 304: it is so already.
        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotModified)
        {
            return;
        }

        string text = await answer.Content.ReadAsStringAsync(stop);
        StatusCode code = answer.StatusCode switch
        {
            HttpStatusCode.NotFound => StatusCode.NotFound,
            HttpStatusCode.Conflict => StatusCode.AlreadyExists,
            _ => StatusCode.Unknown,
        };
        throw new RpcException(new Status(code, string.Create(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode}: {ReasonOf(text)}")));
    }

    private static string ReasonOf(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["message"]?.GetValue<string>() ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static RpcException Away(Exception e) => new(new Status(StatusCode.Unavailable, e.Message, e));
}
