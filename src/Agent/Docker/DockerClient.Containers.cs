// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace ClusterManager.Agent.Docker;

internal sealed partial class DockerClient
{
    /// <inheritdoc/>
    public async Task<ContainerCreated> CreateContainerAsync(ContainerRequest request, CancellationToken cancellationToken)
    {
        var call = DockerCall.Post(EnginePath.WithQuery("/containers/create", ("name", request.Name)), DockerOperation.Create) with
        {
            Body = Json(ContainerRequestMapping.ToDto(request), DockerJson.Default.ContainerCreateDto),
        };
        var dto = await _transport.CallAsync(call, DockerJson.Default.ContainerCreatedDto, cancellationToken);
        return new ContainerCreated(dto.Id ?? "", dto.Warnings ?? []);
    }

    /// <inheritdoc/>
    public Task StartContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        _transport.CallAsync(DockerCall.Post(Of(nameOrId, "start"), DockerOperation.Start), cancellationToken);

    /// <inheritdoc/>
    public async Task<ContainerDetails> InspectContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var dto = await _transport.CallAsync(DockerCall.Get(Of(nameOrId, "json")), DockerJson.Default.ContainerDto, cancellationToken);
        return ContainerMapping.ToDetails(dto);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(
        IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        var path = EnginePath.WithQuery("/containers/json", ("all", "true"), ("filters", EnginePath.Filters(("label", labels))));
        var dtos = await _transport.CallAsync(DockerCall.Get(path), DockerJson.Default.ContainerListDtoArray, cancellationToken);
        return [.. dtos.Select(ContainerMapping.ToSummary)];
    }

    /// <inheritdoc/>
    public Task StopContainerAsync(string nameOrId, TimeSpan grace, CancellationToken cancellationToken)
    {
        var seconds = ContainerRequestMapping.WholeSeconds(grace);
        var path = EnginePath.WithQuery(Of(nameOrId, "stop"), ("t", seconds.ToString(CultureInfo.InvariantCulture)));
        var call = DockerCall.Post(path) with { Deadline = TimeSpan.FromSeconds(seconds) + _options.StopSlack };
        return _transport.CallAsync(call, cancellationToken);
    }

    /// <inheritdoc/>
    public Task KillContainerAsync(string nameOrId, string signal, CancellationToken cancellationToken) =>
        _transport.CallAsync(DockerCall.Post(EnginePath.WithQuery(Of(nameOrId, "kill"), ("signal", signal))), cancellationToken);

    /// <inheritdoc/>
    public Task RemoveContainerAsync(string nameOrId, bool force, bool removeAnonymousVolumes, CancellationToken cancellationToken)
    {
        var path = EnginePath.WithQuery(
            $"/containers/{EnginePath.Escape(nameOrId)}", ("force", force ? "true" : null), ("v", removeAnonymousVolumes ? "true" : null));
        return _transport.CallAsync(DockerCall.Delete(path), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ContainerExit> WaitContainerAsync(
        string nameOrId, WaitCondition condition, Action? registered, CancellationToken cancellationToken)
    {
        var word = condition switch
        {
            WaitCondition.NextExit => "next-exit",
            WaitCondition.Removed => "removed",
            _ => "not-running",
        };
        var call = DockerCall.Post(EnginePath.WithQuery(Of(nameOrId, "wait"), ("condition", word)));
        await using var stream = await _transport.OpenAsync(call, idle: null, cancellationToken);
        registered?.Invoke();
        var line = await new EngineLineReader(stream).ReadLineAsync(cancellationToken)
            ?? throw new DockerException(DockerErrorKind.EngineUnavailable, $"{call}: the engine ended the connection");
        var dto = DockerTransport.Parse(line.Span, DockerJson.Default.WaitDto);
        return new ContainerExit(dto.StatusCode, EngineMapping.NullIfEmpty(dto.Error?.Message));
    }

    /// <inheritdoc/>
    public async Task<ContainerUsage> GetUsageAsync(string nameOrId, CancellationToken cancellationToken)
    {
        // One shot: without it the engine waits a second for a reading to compare with.
        var path = EnginePath.WithQuery(Of(nameOrId, "stats"), ("stream", "false"), ("one-shot", "true"));
        return ContainerMapping.ToUsage(await _transport.CallAsync(DockerCall.Get(path), DockerJson.Default.StatsDto, cancellationToken));
    }

    private static string Of(string nameOrId, string what) => $"/containers/{EnginePath.Escape(nameOrId)}/{what}";
}
