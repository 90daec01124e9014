// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>What containers and images were made of, in the engine's own words. Errors as <see cref="IContainerEngine"/>'s.</summary>
internal interface IContainerMakes
{
    /// <summary>A container by name or id; <see cref="DockerErrorKind.NotFound"/> when it is not there.</summary>
    Task<ContainerMakeDto> InspectContainerMakeAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>An image by name or id; <see cref="DockerErrorKind.ImageNotFound"/> when it is not there.</summary>
    Task<ImageMakeDto> InspectImageMakeAsync(string reference, CancellationToken cancellationToken);
}
