using System.Globalization;
using System.Text.Json;
using ShimStack.SystemTests.Processes;
using ShimStack.Wire.Cri;

namespace ShimStack.SystemTests.Kubernetes;

/// <summary>What a test may choose of a pod.</summary>
internal sealed record PodSettings
{
    /// <summary>Whose processes the containers see; kubelet's default is their own only.</summary>
    public NamespaceMode Pid { get; init; } = NamespaceMode.Container;

    /// <summary>Ids in the pod are those above this one on the machine; null for no user namespace.</summary>
    public uint? FirstUser { get; init; }
}

/// <summary>A pod and what kubelet does with it.</summary>
internal sealed class Pod
{
    private readonly Kubelet _kubelet;
    private readonly PodSandboxConfig _config;
    private readonly PodSettings _settings;

    private Pod(Kubelet kubelet, PodSandboxConfig config, PodSettings settings) =>
        (_kubelet, _config, _settings) = (kubelet, config, settings);

    public string Id { get; private set; } = "";

    private RuntimeService.RuntimeServiceClient Service => _kubelet.Service;

    public static async Task<Pod> RunAsync(Kubelet kubelet, string name, PodSettings? settings = null)
    {
        PodSettings chosen = settings ?? new PodSettings();
        PodSandboxConfig config = new()
        {
            Metadata = new PodSandboxMetadata { Name = name, Uid = $"{kubelet.Stage.Name}-{name}", Namespace = "default" },
            Hostname = name,
            LogDirectory = Path.Combine(kubelet.Stage.Directory, "logs", name),
            Linux = new LinuxPodSandboxConfig
            {
                CgroupParent = $"/{kubelet.Stage.Name}",
                SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = Namespaces(chosen) },
            },
        };
        Directory.CreateDirectory(config.LogDirectory);
        Pod pod = new(kubelet, config, chosen);
        pod.Id = (await kubelet.Service.RunPodSandboxAsync(new RunPodSandboxRequest { Config = config })).PodSandboxId;
        kubelet.Remember(pod.Id);
        return pod;
    }

    /// <summary>Creates a container without starting it.</summary>
    public async Task<PodContainer> CreateAsync(string name, string[] command, long memoryLimit = 0)
    {
        ContainerConfig config = new()
        {
            Metadata = new ContainerMetadata { Name = name },
            Image = new ImageSpec { Image = PodImage.Name },
            Command = { command },
            LogPath = $"{name}.log",
            Linux = new LinuxContainerConfig
            {
                Resources = new LinuxContainerResources { MemoryLimitInBytes = memoryLimit },
                SecurityContext = new LinuxContainerSecurityContext { NamespaceOptions = Namespaces(_settings) },
            },
        };
        CreateContainerRequest request = new() { PodSandboxId = Id, Config = config, SandboxConfig = _config };
        string id = (await Service.CreateContainerAsync(request)).ContainerId;
        _kubelet.Stage.Remember(id);
        return new PodContainer(_kubelet, id, Path.Combine(_config.LogDirectory, config.LogPath));
    }

    public async Task<PodContainer> StartAsync(string name, string[] command, long memoryLimit = 0)
    {
        PodContainer container = await CreateAsync(name, command, memoryLimit);
        await container.StartAsync();
        return container;
    }

    public async Task<PodSandboxStatus> StatusAsync() =>
        (await Service.PodSandboxStatusAsync(new PodSandboxStatusRequest { PodSandboxId = Id })).Status;

    /// <summary>Returns when the daemon knows that the pod's own process has ended.</summary>
    public Task UntilNotReadyAsync() =>
        Until.TrueAsync(() => StatusAsync().Result.State == PodSandboxState.SandboxNotready, "the pod is not ready any more");

    /// <summary>SIGKILL for the pod's own process.</summary>
    public async Task KillAsync()
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.GetProcessById(await PidAsync());
        process.Kill();
    }

    /// <summary>The pid of the process that holds the pod's namespaces.</summary>
    public async Task<int> PidAsync()
    {
        PodSandboxStatusRequest request = new() { PodSandboxId = Id, Verbose = true };
        return PidIn((await Service.PodSandboxStatusAsync(request)).Info["info"]);
    }

    public async Task StopAsync() => await Service.StopPodSandboxAsync(new StopPodSandboxRequest { PodSandboxId = Id });

    public async Task RemoveAsync() => await Service.RemovePodSandboxAsync(new RemovePodSandboxRequest { PodSandboxId = Id });

    /// <summary>Stops and removes it with all of its containers.</summary>
    public async Task EndAsync()
    {
        await StopAsync();
        await RemoveAsync();
    }

    internal static int PidIn(string info)
    {
        using JsonDocument document = JsonDocument.Parse(info);
        return int.Parse(document.RootElement.GetProperty("pid").GetRawText(), CultureInfo.InvariantCulture);
    }

    private static NamespaceOption Namespaces(PodSettings settings)
    {
        NamespaceOption options = new() { Pid = settings.Pid };
        if (settings.FirstUser is uint first)
        {
            IDMapping mapping = new() { HostId = first, ContainerId = 0, Length = 65536 };
            options.UsernsOptions = new UserNamespace { Mode = NamespaceMode.Pod, Uids = { mapping }, Gids = { mapping } };
        }

        return options;
    }
}
