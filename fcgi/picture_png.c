/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* PNG by libpng's simplified interface: no setjmp, and every kind of PNG
 * comes out as eight bits a channel. */
#include "picture_parts.h"

#include <png.h>

#include "arena.h"

static void release(void *image)
{
	png_image_free(image);
}

/* What libpng holds for an image goes with the arena, whatever happens. */
static png_image *image_new(void)
{
	png_image *image = alloc(sizeof(*image));

	image->version = PNG_IMAGE_VERSION;
	defer(release, image);
	return image;
}

static png_image *begin(struct str file)
{
	png_image *image = image_new();

	return png_image_begin_read_from_memory(image, file.p, file.n) ? image
								       : NULL;
}

bool picture_png_size(struct str file, struct pixels *p)
{
	const png_image *image = begin(file);

	if (!image)
		return false;
	p->width = image->width;
	p->height = image->height;
	return true;
}

bool picture_png(struct str file, struct pixels *p)
{
	png_image *image = begin(file);

	if (!image || image->width != p->width || image->height != p->height)
		return false;
	image->format = PNG_FORMAT_RGBA;
	p->rgba = alloc(PNG_IMAGE_SIZE(*image));
	return png_image_finish_read(image, NULL, p->rgba, 0, NULL);
}

static bool is_opaque(const struct pixels *p)
{
	for (size_t i = 0; i < (size_t)p->width * p->height; i++)
		if (p->rgba[4 * i + 3] != 255)
			return false;
	return true;
}

/* Without the fourth channel, where it says nothing. */
static unsigned char *rgb_of(const struct pixels *p)
{
	size_t n = (size_t)p->width * p->height;
	unsigned char *rgb = alloc(3 * n);

	for (size_t i = 0; i < n; i++)
		memcpy(rgb + 3 * i, p->rgba + 4 * i, 3);
	return rgb;
}

bool picture_png_write(const struct pixels *p, struct str *file)
{
	png_image *image = image_new();
	bool opaque = is_opaque(p);

	image->width = p->width;
	image->height = p->height;
	image->format = opaque ? PNG_FORMAT_RGB : PNG_FORMAT_RGBA;
	png_alloc_size_t n = PNG_IMAGE_PNG_SIZE_MAX(*image);
	char *bytes = alloc(n);
	if (!png_image_write_to_memory(image, bytes, &n, 0,
				       opaque ? rgb_of(p) : p->rgba, 0, NULL))
		return false;
	*file = (struct str){ bytes, n };
	return true;
}
