// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>
/// The container engine of this node. Thin: it translates and classifies, it neither retries nor decides. Safe for several callers at once.
/// Every call throws <see cref="DockerException"/> when it does not succeed, within its deadline (30 s unless the method says otherwise),
/// and <see cref="OperationCanceledException"/> only when the caller's own token asks for it.
/// </summary>
public interface IContainerEngine
{
    /// <summary>What the engine says about itself and its machine.</summary>
    Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Returns when the engine answers at all; costs it next to nothing, and is not kept waiting by other calls.
    /// <see cref="DockerErrorKind.Timeout"/> when it does not answer within <paramref name="limit"/>: it hangs, or its machine does.
    /// </summary>
    Task PingAsync(TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>
    /// Fetches an image. Has no deadline as a whole, but fails with <see cref="DockerErrorKind.Timeout"/> after 2 minutes without progress.
    /// An image that is there already is a success.
    /// </summary>
    /// <param name="reference">A name with tag or digest, such as <c>registry:5000/web@sha256:…</c>.</param>
    /// <param name="credential">What to show the registry, or null.</param>
    /// <param name="progress">Told of each step, on the reading task: it must not block. Null for nobody.</param>
    /// <param name="cancellationToken">Ends the pull.</param>
    Task<PullResult> PullImageAsync(
        string reference, RegistryCredential? credential, IProgress<PullProgress>? progress, CancellationToken cancellationToken);

    /// <summary>An image on the node, by name or id; <see cref="DockerErrorKind.ImageNotFound"/> when it is not there.</summary>
    Task<ImageDetails> InspectImageAsync(string reference, CancellationToken cancellationToken);

    /// <summary>The images on the node that have a name, by the engine's order.</summary>
    Task<IReadOnlyList<ImageSummary>> ListImagesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes one name away from an image, or the image itself when its id is given; what has no name left goes with its layers. Never by
    /// force: <see cref="DockerErrorKind.Conflict"/> while a container uses it.
    /// </summary>
    Task RemoveImageAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Asks the registry, without pulling, for the digest a name stands for now. Deadline 60 s.</summary>
    /// <returns>The digest, <c>sha256:…</c>.</returns>
    Task<string> ResolveDigestAsync(string reference, RegistryCredential? credential, CancellationToken cancellationToken);

    /// <summary>Creates a bridge network and returns its id.</summary>
    Task<string> CreateNetworkAsync(NetworkRequest request, CancellationToken cancellationToken);

    /// <summary>A network by name or id.</summary>
    Task<NetworkDetails> InspectNetworkAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>The networks that carry all given labels (<c>name</c> or <c>name=value</c>).</summary>
    Task<IReadOnlyList<NetworkDetails>> ListNetworksAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken);

    /// <summary>Removes a network; <see cref="DockerErrorKind.Conflict"/> while a container runs in it.</summary>
    Task RemoveNetworkAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>Creates a volume, or returns the one that has the name (its labels and options stay as they are).</summary>
    Task<VolumeDetails> CreateVolumeAsync(VolumeRequest request, CancellationToken cancellationToken);

    /// <summary>A volume by name.</summary>
    Task<VolumeDetails> InspectVolumeAsync(string name, CancellationToken cancellationToken);

    /// <summary>The volumes that carry all given labels, by ordinal name.</summary>
    Task<IReadOnlyList<VolumeDetails>> ListVolumesAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a volume and what is in it; <see cref="DockerErrorKind.Conflict"/> while a container, running or not, refers to it.
    /// </summary>
    Task RemoveVolumeAsync(string name, CancellationToken cancellationToken);

    /// <summary>Creates a container. Does not start it.</summary>
    Task<ContainerCreated> CreateContainerAsync(ContainerRequest request, CancellationToken cancellationToken);

    /// <summary>Starts a container; succeeds when it runs already.</summary>
    Task StartContainerAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>A container by name or id.</summary>
    Task<ContainerDetails> InspectContainerAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>All containers, running or not, that carry all given labels (<c>name</c> or <c>name=value</c>); newest first.</summary>
    Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken);

    /// <summary>
    /// Sends the container's stop signal, and SIGKILL after the grace; returns when it has ended. Succeeds when it does not run.
    /// Deadline: the grace plus 10 s.
    /// </summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="grace">Whole seconds; fractions are rounded up.</param>
    /// <param name="cancellationToken">Ends the waiting; the engine goes on stopping.</param>
    Task StopContainerAsync(string nameOrId, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Sends a signal, such as <c>SIGHUP</c>; <see cref="DockerErrorKind.Conflict"/> when the container does not run.</summary>
    Task KillContainerAsync(string nameOrId, string signal, CancellationToken cancellationToken);

    /// <summary>Removes a container.</summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="force">True kills it first; false is refused with <see cref="DockerErrorKind.Conflict"/> while it runs.</param>
    /// <param name="removeAnonymousVolumes">True removes the volumes that were made for it without a name.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task RemoveContainerAsync(string nameOrId, bool force, bool removeAnonymousVolumes, CancellationToken cancellationToken);

    /// <summary>Waits for the end of a container's run, without limit.</summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="condition">What to wait for.</param>
    /// <param name="registered">
    /// Called once when the engine has begun to watch: start the container then, and no end is missed. Null for nobody.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<ContainerExit> WaitContainerAsync(
        string nameOrId, WaitCondition condition, Action? registered, CancellationToken cancellationToken);

    /// <summary>
    /// Reads a container's output, line by line, as fast as the reader takes it: a reader that pauses holds back the engine's sending and
    /// costs no memory. Ends with the output, or, following, with the container.
    /// </summary>
    IAsyncEnumerable<LogLine> ReadLogsAsync(string nameOrId, LogRequest request, CancellationToken cancellationToken);

    /// <summary>What a container used so far.</summary>
    Task<ContainerUsage> GetUsageAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the stream of events: from the past, as far as the engine keeps them (256), and then live. When this returns, the engine has
    /// accepted, and no later event is missed while the connection lasts. <see cref="EngineEventStream"/> makes a lasting stream of it.
    /// </summary>
    /// <param name="sinceUnixNanoseconds">Events at or after this time; null for only new ones.</param>
    /// <param name="filter">Which events.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    Task<IEngineEventReader> OpenEventsAsync(long? sinceUnixNanoseconds, EngineEventFilter filter, CancellationToken cancellationToken);
}
