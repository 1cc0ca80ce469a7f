using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using ShimStack.Drill.Record;
using ShimStack.Drill.Targets;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Apis;

/// <summary>
/// dockerd's API, as its own client uses it: what is told of a container is what `docker inspect`, `docker wait` and `docker events` show. A container
/// is made by one call and runs by the next, so that Create makes no process. Of an exec dockerd knows nothing after its own death.
/// </summary>
internal sealed class DockerApi(DockerClient client, TargetPlaces places, string data, DrillRecord record) : IDaemonApi
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The name that dockerd has for it; empty for its own choice.</summary>
    public string Runtime { get; init; } = "";

    // With --live there are others.
    private string Image => places.Name;

    public async Task PrepareAsync(CancellationToken stop)
    {
        try
        {
            await client.GetAsync($"/images/{Image}/json", stop);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            using MemoryStream tar = DockerImage.Of(places.Rootfs);
            await client.UploadAsync($"/images/create?fromSrc=-&repo={Image}", tar, stop);
        }
    }

    public Task PingAsync(CancellationToken stop) => client.GetAsync("/version", stop);

    public Task RegisterAsync(Subject subject) => Task.CompletedTask;

    public async Task<int> CreateAsync(Subject subject, StreamPaths streams)
    {
        using CancellationTokenSource limit = new(Limit);
        await client.AskAsync($"/containers/create?name={NameOf(subject)}", DockerImage.Container(Image, subject.Order, places, Runtime), limit.Token);
        await KnowAsync(subject, limit.Token);
        return 0;
    }

    public async Task AddExecAsync(Subject subject, StreamPaths streams)
    {
        using CancellationTokenSource limit = new(Limit);
        JsonNode answer = await client
            .AskAsync($"/containers/{NameOf(subject)}/exec", DockerImage.Exec(subject.Order), limit.Token);
        record.Change(() => subject.Id = answer["Id"]!.GetValue<string>());
    }

    public async Task<int> StartAsync(Subject subject)
    {
        using CancellationTokenSource limit = new(Limit);
        if (subject.IsInit)
        {
            await client.PostAsync($"/containers/{NameOf(subject)}/start", null, limit.Token);
            return (await KnowAsync(subject, limit.Token)).Pid;
        }

        await client.PostAsync($"/exec/{subject.Id}/start", new JsonObject { ["Detach"] = true }, limit.Token);
        return (await client.GetAsync($"/exec/{subject.Id}/json", limit.Token))["Pid"]!.GetValue<int>();
    }

    public async Task KillAsync(Subject subject, Signal signal)
    {
        using CancellationTokenSource limit = new(Limit);
        if (!subject.IsInit)
        {
            // Docker has no call for that.
            ProcessSignals.Send(subject.Pid, (int)signal);
            return;
        }

        try
        {
            await client.PostAsync($"/containers/{NameOf(subject)}/kill?signal={signal}", null, limit.Token);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            throw new RpcException(new Status(StatusCode.NotFound, e.Status.Detail)); // 409: it does not run any more
        }
    }

    public Task PauseAsync(Subject subject) => PostAsync(subject, "pause");

    public Task ResumeAsync(Subject subject) => PostAsync(subject, "unpause");

    public async Task DeleteAsync(Subject subject)
    {
        using CancellationTokenSource limit = new(Limit);
        await (subject.IsInit ? client.DeleteAsync($"/containers/{NameOf(subject)}", limit.Token) : Task.CompletedTask);
    }

    public Task UnregisterAsync(Subject subject) => Task.CompletedTask;

    public async Task<KnownProcess?> TryGetAsync(Subject subject)
    {
        using CancellationTokenSource limit = new(Limit);
        return await TryKnowAsync(subject, limit.Token);
    }

    public async Task<IReadOnlyDictionary<string, KnownProcess>> ListAsync(CancellationToken stop)
    {
        Dictionary<string, KnownProcess> known = [];
        foreach (Subject subject in record.Read(() => record.Subjects
            .Where(static subject => subject is { IsInit: true, Life: Life.Running, Ended: null }).ToArray()))
        {
            if (await TryKnowAsync(subject, stop) is KnownProcess process)
            {
                known[subject.Name] = process;
            }
        }

        return known;
    }

    public async Task<ToldExit> WaitAsync(Subject subject, bool isAgain, CancellationToken stop)
    {
        JsonNode answer = await client.AskAsync($"/containers/{NameOf(subject)}/wait", null, stop);
        JsonNode state = (await client.GetAsync($"/containers/{NameOf(subject)}/json", stop))["State"]!;
        int waited = answer["StatusCode"]!.GetValue<int>();
        int inspected = state["ExitCode"]!.GetValue<int>();
        // Both are shown to users: told is the one that is wrong.
        bool isWaitedTrue = record.Read(() => subject.Codes.Contains(waited));
        return new ToldExit(isWaitedTrue ? inspected : waited, TimeOf(state["FinishedAt"]!));
    }

    public Task FollowAsync(Action<ToldEvent> take, CancellationToken stop) =>
        client.FollowAsync("/events?filters=%7B%22type%22:%5B%22container%22%5D%7D", one =>
        {
            if (DockerEvents.TryRead(one, PrefixOf("")) is ToldEvent told)
            {
                take(told);
            }
        }, stop);

    public void Dispose() => client.Dispose();

    private string NameOf(Subject subject) => PrefixOf(subject.Container);

    private string PrefixOf(string name) => $"{places.Name}-{name}";

    private async Task PostAsync(Subject subject, string what)
    {
        using CancellationTokenSource limit = new(Limit);
        await client.PostAsync($"/containers/{NameOf(subject)}/{what}", null, limit.Token);
    }

    private async Task<KnownProcess?> TryKnowAsync(Subject subject, CancellationToken stop)
    {
        try
        {
            return await KnowAsync(subject, stop);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.NotFound)
        {
            return null;
        }
    }

    // What dockerd calls it, and where its log is, may be asked for the first time after a call that was cut.
    private async Task<KnownProcess> KnowAsync(Subject subject, CancellationToken stop)
    {
        JsonNode answer = await client.GetAsync($"/containers/{NameOf(subject)}/json", stop);
        string id = answer["Id"]!.GetValue<string>();
        record.Change(() => (subject.Id, subject.LogFile) = (id, Path.Combine(data, "containers", id, $"{id}-json.log")));
        string status = answer["State"]!["Status"]!.GetValue<string>();
        return new KnownProcess(answer["State"]!["Pid"]!.GetValue<int>(), status == "exited" ? "stopped" : status);
    }

    // "0001-01-01T00:00:00Z" where there was none.
    private static DateTimeOffset? TimeOf(JsonNode time) =>
        DateTimeOffset.Parse(time.GetValue<string>(), CultureInfo.InvariantCulture) is { Year: > 1 } at ? at : null;
}
