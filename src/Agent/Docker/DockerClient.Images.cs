// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

internal sealed partial class DockerClient
{
    /// <inheritdoc/>
    public async Task<PullResult> PullImageAsync(
        string reference, RegistryCredential? credential, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
    {
        var tagged = ImageReference.WithTag(reference);
        var call = DockerCall.Post(EnginePath.WithQuery("/images/create", ("fromImage", tagged)), DockerOperation.Registry) with
        {
            RegistryAuth = ImageMapping.ToHeader(credential),
            // The engine accepts only once it has spoken with the registry.
            Deadline = _options.PullIdleDeadline,
        };
        string? digest;
        await using (var stream = await _transport.OpenAsync(call, _options.PullIdleDeadline, cancellationToken))
            digest = await FollowPullAsync(new EngineLineReader(stream), progress, cancellationToken);
        var image = await InspectImageAsync(tagged, cancellationToken);
        return new PullResult(image.Id, digest ?? ImageReference.DigestOf(reference));
    }

    /// <inheritdoc/>
    public async Task<ImageDetails> InspectImageAsync(string reference, CancellationToken cancellationToken)
    {
        var call = DockerCall.Get($"/images/{EnginePath.Escape(reference)}/json", DockerOperation.Image);
        return ImageMapping.ToDetails(await _transport.CallAsync(call, DockerJson.Default.ImageDto, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ImageSummary>> ListImagesAsync(CancellationToken cancellationToken)
    {
        var dtos = await _transport.CallAsync(DockerCall.Get("/images/json"), DockerJson.Default.ImageListDtoArray, cancellationToken);
        return [.. dtos.Select(ImageMapping.ToSummary)];
    }

    /// <inheritdoc/>
    public Task RemoveImageAsync(string reference, CancellationToken cancellationToken)
    {
        var path = EnginePath.WithQuery($"/images/{EnginePath.Escape(reference)}", ("force", "false"), ("noprune", "true"));
        return _transport.CallAsync(DockerCall.Delete(path, DockerOperation.Image), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string> ResolveDigestAsync(string reference, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        var path = $"/distribution/{EnginePath.Escape(ImageReference.WithTag(reference))}/json";
        var call = DockerCall.Get(path, DockerOperation.Registry) with
        {
            RegistryAuth = ImageMapping.ToHeader(credential),
            Deadline = _options.RegistryDeadline,
        };
        var dto = await _transport.CallAsync(call, DockerJson.Default.DistributionDto, cancellationToken);
        return dto.Descriptor?.digest
            ?? throw new DockerException(DockerErrorKind.ServerError, $"the engine gave no digest for {reference}");
    }

    // Returns the digest that the engine announced. A pull that fails says so inside the stream: its status was 200 long ago.
    private static async Task<string?> FollowPullAsync(
        EngineLineReader reader, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
    {
        string? digest = null;
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var step = DockerTransport.Parse(line.Span, DockerJson.Default.PullStepDto);
            if ((step.errorDetail?.message ?? step.error) is { } error)
                throw new DockerException(DockerErrorClassifier.Classify(DockerOperation.Registry, null, error), error);
            digest = ImageMapping.DigestIn(step) ?? digest;
            progress?.Report(ImageMapping.ToProgress(step));
        }
        return digest;
    }
}
