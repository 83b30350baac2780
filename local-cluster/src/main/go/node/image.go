package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"runtime"
	"strings"
	"time"
)

// image writes a one-layer image from nothing, in the format of `docker save`: files given as PATH=SOURCE.
func image(args []string) error {
	flags := flag.NewFlagSet("image", flag.ContinueOnError)
	name := flags.String("name", "", "docker.io/REPOSITORY:TAG")
	entrypoint := flags.String("entrypoint", "", "program and arguments, separated by blanks")
	out := flags.String("out", "", "the tar to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	layer, err := layerOf(flags.Args())
	if err != nil {
		return err
	}
	diff := sha256.Sum256(layer)
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH, "os": "linux", "created": time.Unix(0, 0).UTC(),
		"config": map[string]any{"Entrypoint": strings.Fields(*entrypoint), "User": "65532:65532"},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + hex.EncodeToString(diff[:])}},
	})
	if err != nil {
		return err
	}
	id := sha256.Sum256(config)
	configName := hex.EncodeToString(id[:]) + ".json"
	manifest, err := json.Marshal([]map[string]any{
		{"Config": configName, "RepoTags": []string{*name}, "Layers": []string{"layer.tar"}}})
	if err != nil {
		return err
	}
	file, err := os.Create(*out)
	if err != nil {
		return err
	}
	defer file.Close()
	archive := tar.NewWriter(file)
	for _, entry := range []struct {
		name    string
		content []byte
	}{{"layer.tar", layer}, {configName, config}, {"manifest.json", manifest}} {
		if err := write(archive, entry.name, 0o644, bytes.NewReader(entry.content), int64(len(entry.content))); err != nil {
			return err
		}
	}
	return archive.Close()
}

func layerOf(files []string) ([]byte, error) {
	var layer bytes.Buffer
	archive := tar.NewWriter(&layer)
	for _, folder := range []string{"tmp/", "etc/"} {
		if err := archive.WriteHeader(&tar.Header{Name: folder, Mode: 0o755, Typeflag: tar.TypeDir}); err != nil {
			return nil, err
		}
	}
	for _, pair := range files {
		target, source, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fmt.Errorf("%q is not PATH=SOURCE", pair)
		}
		file, err := os.Open(source)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return nil, err
		}
		name := strings.TrimPrefix(path.Clean(target), "/")
		if err := write(archive, name, 0o755, file, info.Size()); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return layer.Bytes(), nil
}

func write(archive *tar.Writer, name string, mode int64, content io.Reader, size int64) error {
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: size}); err != nil {
		return err
	}
	_, err := io.Copy(archive, content)
	return err
}
