using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ShimStack.Api.Control;
using ShimStack.ShimDriver.Shims;

namespace ShimStack.FaultTests.Control;

/// <summary>An operator's connection to a shim.</summary>
internal sealed class ControlClient : IAsyncDisposable
{
    private readonly TaskClient _client;

    private ControlClient(TaskClient client) => _client = client;

    public static async Task<ControlClient> ConnectAsync(ShimSession session) => new(await TaskClient.ConnectAsync(
        session.Answer!.SocketPath, ControlServices.V1, session.Daemon.Namespace, TimeSpan.FromSeconds(20)));

    public Task<StatusResponse> StatusAsync() => CallAsync(ControlServices.Status, new Empty(), StatusResponse.Parser);

    public async Task<IReadOnlyList<string>> DumpAsync() => (await CallAsync(ControlServices.Dump, new Empty(), DumpResponse.Parser)).Lines;

    public Task<SettingsResponse> SetAsync(params string[] settings) =>
        CallAsync(ControlServices.Settings, new SettingsRequest { Set = { settings } }, SettingsResponse.Parser);

    /// <summary>Has another build take the shim's place; answered by it.</summary>
    public Task<UpgradeResponse> UpgradeAsync(string path = "", TimeSpan limit = default) =>
        CallAsync(ControlServices.Upgrade, new UpgradeRequest { Path = path, LimitMs = (long)limit.TotalMilliseconds }, UpgradeResponse.Parser);

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private Task<TResponse> CallAsync<TRequest, TResponse>(string method, TRequest request, MessageParser<TResponse> parser)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => _client.CallAsync(method, request, parser, CancellationToken.None);
}
